#!/usr/bin/env bash
# Takes newer versions of the lists: `refresh.sh UAP_CORE_VERSION CRAWLER_USER_AGENTS_VERSION SITES_CHECKOUT`. The first two come from
# npm, the third is a checkout of https://github.com/matomo-org/searchengine-and-social-list. Needs npm, git and Python 3.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 UAP_CORE_VERSION CRAWLER_USER_AGENTS_VERSION SITES_CHECKOUT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
sites=$(cd "$3" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "uap-core@$1" "crawler-user-agents@$2" >/dev/null
for archive in *.tgz; do mkdir "${archive%.tgz}" && tar -xzf "$archive" -C "${archive%.tgz}" --strip-components=1; done
mkdir sites
for file in SearchEngines.yml Socials.yml AIAssistants.yml LICENSE; do git -C "$sites" show "HEAD:$file" > "sites/$file"; done
python3 -m venv venv && venv/bin/pip install --quiet pyyaml
venv/bin/python - "$here" <<'PY'
import glob, json, sys, yaml
here = sys.argv[1]
dump = lambda value, name: open(f"{here}/{name}", "w").write(json.dumps(value, indent=0, ensure_ascii=False) + "\n")
agents = yaml.safe_load(open(glob.glob("uap-core-*/regexes.yaml")[0]))
del agents["device_parsers"]  # models of devices: the class of a device follows from the operating system
dump(agents, "uap-core.json")
dump([entry["pattern"] for entry in json.load(open(glob.glob("crawler-user-agents-*/crawler-user-agents.json")[0]))], "crawler-user-agents.json")
def hosts(urls):
    # Of a referrer only the host is looked at; `{}` stands for a country. Hosts are compared without `www.`.
    return sorted({url.lower().removeprefix("www.") for url in urls if "/" not in url})
load = lambda name: yaml.safe_load(open(f"sites/{name}.yml"))
dump({
    "search": hosts(url for engine in load("SearchEngines").values() for entry in engine for url in entry["urls"]),
    "social": hosts(url for urls in load("Socials").values() for url in urls),
    "ai": hosts(url for urls in load("AIAssistants").values() for url in urls),
}, "sites.json")
PY
cp uap-core-*/LICENSE "$here/uap-core.LICENSE"
cp crawler-user-agents-*/LICENSE "$here/crawler-user-agents.LICENSE"
cp sites/LICENSE "$here/sites.LICENSE"
echo "uap-core $1, crawler-user-agents $2, searchengine-and-social-list $(git -C "$sites" log -1 --format=%h,\ %cs)" > "$here/VERSIONS"
