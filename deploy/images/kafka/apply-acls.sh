#!/usr/bin/env bash
# Adds what the file "acls" beside it lists; adding it again changes nothing. What was taken from the file stays until it is
# removed by hand.
set -euo pipefail

folder=$(dirname "${BASH_SOURCE[0]}")
while read -r principal kind pattern name operations; do
  [[ -n $principal && $principal != \#* ]] || continue
  /opt/kafka/bin/kafka-acls.sh --bootstrap-server "$KAFKA_BOOTSTRAP" --command-config "$folder/client.properties" \
    --add --force --allow-principal "User:$principal" "--$kind" "$name" --resource-pattern-type "$pattern" \
    $(printf -- '--operation %s ' ${operations//,/ }) < /dev/null
done < "$folder/acls"
