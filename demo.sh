#!/usr/bin/env bash
# Shows the saga on real servers: ./demo.sh [happy] [out-of-stock] [revert] [cancel] [timeout] [crash]
# Sets up whatever is missing, asserts every claim, leaves the shop running. ./demo.sh --down stops it.
set -euo pipefail
cd "$(dirname "$0")"

case "${1:-}" in
  --down) shift; exec npm run --silent down -- "$@" ;;
  --help | -h) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
esac

# seconds instead of the ten a real provider deserves, so that the timeout scenario does not make you wait
export SHOP_PROVIDER_TIMEOUT_MS="${SHOP_PROVIDER_TIMEOUT_MS:-2000}"

node scripts/setup.mjs
exec node scripts/dist/demo/main.js "$@"
