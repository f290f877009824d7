#!/bin/sh
# Installs Debian packages without letting them start system servers or create a PostgreSQL cluster.
# Both settings are taken back at the end, however it comes.
set -eu

policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/order-saga.conf
mark='# temporary, by order-saga'

take_back() {
  if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi
  rm -f "$cluster"
  rmdir "$(dirname "$cluster")" "$(dirname "$(dirname "$cluster")")" 2>/dev/null || true
}
trap take_back EXIT
trap 'exit 1' HUP INT TERM

take_back # what a killed run may have left
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
  chmod 755 "$policy"
fi
mkdir -p "$(dirname "$cluster")"
echo 'create_main_cluster = false' >"$cluster"

export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"; }
# The package lists may be missing or outdated: only then is fetching them worth the time
install "$@" || { apt-get update && install "$@"; }
