#!/usr/bin/env bash
# Installs packages of PostgreSQL and Redis as root, without the services and the database that they would start.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
settings=/etc/postgresql-common/createcluster.conf
policy=/usr/sbin/policy-rc.d
kept=''

install_quietly() {
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Leaves the machine's settings as they were.
restore() {
  if [[ -n $kept ]]; then mv "$kept" "$settings"; fi
  if [[ -e $policy.ours ]]; then rm "$policy" "$policy.ours"; fi
}
trap restore EXIT

# A machine with a policy of its own keeps it.
if [[ ! -e $policy ]]; then
  touch "$policy.ours"
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
install_quietly postgresql-common
kept=$settings.kept
cp -p "$settings" "$kept"
printf '%s\n' 'create_main_cluster = false' >>"$settings"
redis_before=$(dpkg-query --show --showformat '${db:Status-Status}' redis-server 2>/dev/null) || true
install_quietly "$@"
# Nor at the next boot, unless somebody wanted it before.
if [[ $redis_before != installed ]] && command -v systemctl >/dev/null; then
  systemctl --quiet disable redis-server.service
fi
