#!/usr/bin/env bash
# Starts what scripts/build.sh built, on the embedded store in ./data, and fills the project `demo` at the first start.
source "$(dirname "$0")/lib.sh"

# Countries come from the free database among the Node packages, unless a setting names another.
countries=node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb
if [[ -z ${ANALYTICS_GEO_FILE-} && -e $countries ]]; then
  export ANALYTICS_GEO_FILE=$countries
fi

heading 'analytics'
# In place of this shell, so that Ctrl-C and SIGTERM reach the server itself.
exec target/release/analytics serve --demo "$@"
