#!/usr/bin/env bash
# A certificate authority of the platform's own and a certificate for each part, in a folder that is not under version
# control: certificates.sh [FOLDER]. Run again it keeps the authority and renews the certificates; --only PART... limits it
# to these. CARELOOP_PUBLIC_NAMES (comma-separated) are further names of gateway and keycloak, as clients write them.
set -euo pipefail

folder=.careloop/tls
parts=(gateway patients care-plans referrals transitions kafka kafka-admin postgres keycloak)
while (($#)); do
  if [[ $1 == --only ]]; then
    shift
    parts=("$@")
    break
  fi
  folder=$1
  shift
done

public=${CARELOOP_PUBLIC_NAMES:-}
umask 077
# Its mode guards the keys on this machine: a container sees the folder of its own part alone, whose keys its user reads.
mkdir -p "$folder/authority"
chmod 700 "$folder"

if [[ ! -f $folder/authority/ca.crt ]]; then
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/authority/ca.key"
  openssl req -x509 -new -key "$folder/authority/ca.key" -sha256 -days 3650 -subj "/CN=Careloop internal CA" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign \
    -out "$folder/authority/ca.crt"
fi

for part in "${parts[@]}"; do
  own=$folder/$part
  mkdir -p "$own"
  names=DNS:$part,DNS:localhost,IP:127.0.0.1
  if [[ $part == gateway || $part == keycloak ]]; then
    for name in ${public//,/ }; do
      names+=,DNS:$name
    done
  fi
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$own/tls.key"
  openssl req -new -key "$own/tls.key" -subj "/CN=$part" -out "$own/request"
  openssl x509 -req -in "$own/request" -sha256 -days 397 -CA "$folder/authority/ca.crt" -CAkey "$folder/authority/ca.key" \
    -CAcreateserial -out "$own/tls.crt" -extfile <(printf '%s\n' \
      basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth,clientAuth \
      "subjectAltName=$names") 2> /dev/null
  rm "$own/request"
  cp "$folder/authority/ca.crt" "$own/ca.crt"
  # Kafka wants both in one file.
  cat "$own/tls.key" "$own/tls.crt" > "$own/tls-combined.pem"
  chmod 755 "$own"
  chmod 644 "$own"/*
done
