#!/usr/bin/env bash
# Takes newer versions of the two lists from npm: `refresh.sh UAP_CORE_VERSION CRAWLER_USER_AGENTS_VERSION`. Needs npm and Python 3.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 UAP_CORE_VERSION CRAWLER_USER_AGENTS_VERSION" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "uap-core@$1" "crawler-user-agents@$2" >/dev/null
for archive in *.tgz; do mkdir "${archive%.tgz}" && tar -xzf "$archive" -C "${archive%.tgz}" --strip-components=1; done
python3 -m venv venv && venv/bin/pip install --quiet pyyaml
venv/bin/python - "$here" <<'PY'
import glob, json, sys, yaml
here = sys.argv[1]
dump = lambda value, name: open(f"{here}/{name}", "w").write(json.dumps(value, indent=0, ensure_ascii=False) + "\n")
agents = yaml.safe_load(open(glob.glob("uap-core-*/regexes.yaml")[0]))
del agents["device_parsers"]  # models of devices: the class of a device follows from the operating system
dump(agents, "uap-core.json")
dump([entry["pattern"] for entry in json.load(open(glob.glob("crawler-user-agents-*/crawler-user-agents.json")[0]))], "crawler-user-agents.json")
PY
cp uap-core-*/LICENSE "$here/uap-core.LICENSE"
cp crawler-user-agents-*/LICENSE "$here/crawler-user-agents.LICENSE"
echo "uap-core $1, crawler-user-agents $2" > "$here/VERSIONS"
