/** What whoever runs these tests must give; never guessed, so that nobody tests another thing than they think. */
export function required(name: string, what: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: give it ${what}. \`make test\` does.`);
  return value;
}
