/** A path that whoever runs these tests must give; never guessed, so that nobody tests another program than they think. */
export function requiredPath(name: string, what: string): string {
  const path = process.env[name];
  if (!path) throw new Error(`${name} is not set: give it ${what}. \`make test\` does.`);
  return path;
}
