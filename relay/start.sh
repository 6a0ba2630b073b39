#!/bin/sh
# Checks the relay's settings, writes what nginx.conf includes, and becomes nginx. README.md says what each setting means.
# A secret is never an argument of a program, and never printed.

set -eu
umask 077
# Where Debian keeps nginx, which is not on everybody's path.
PATH=$PATH:/usr/sbin

fail() {
  printf 'relay: %s\n' "$1" >&2
  exit 1
}

base_path=${FIREBLOCKS_BASE_PATH:-https://api.fireblocks.io/v1}
listen=${RELAY_LISTEN:-8443}
certificate=${RELAY_CERTIFICATE:-/run/secrets/relay_certificate}
certificate_key=${RELAY_CERTIFICATE_KEY:-/run/secrets/relay_certificate_key}
secrets=${RELAY_SECRETS:-/run/secrets/relay_secrets}
trusted=${RELAY_TRUSTED_CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
run=${RELAY_RUN:-/run/relay}

# Everything that ends up in nginx's configuration is held to letters that mean nothing there.
plain() {
  case $2 in
    '' | *[!A-Za-z0-9._:/-]*) fail "$1 must be made of letters, digits and . _ : / -" ;;
  esac
}

host=${base_path#https://}
host=${host%/}
host=${host%/v1}
name=${host%%:*}
case $base_path in
  https://*) ;;
  *) fail "FIREBLOCKS_BASE_PATH must begin with https://" ;;
esac
case $name in
  api.fireblocks.io | eu-api.fireblocks.io | eu2-api.fireblocks.io | sandbox-api.fireblocks.io) ;;
  *) fail "FIREBLOCKS_BASE_PATH is not an address of Fireblocks" ;;
esac
case ${host#"$name"} in
  '' | :[0-9]*) ;;
  *) fail "FIREBLOCKS_BASE_PATH must be Fireblocks' address with /v1 and nothing else" ;;
esac
plain FIREBLOCKS_BASE_PATH "$host"

# IPv4 alone: Fireblocks' allowlist takes single IPv4 addresses.
resolver=${RELAY_RESOLVER:-$(awk '$1 == "nameserver" { print ($2 ~ /:/) ? "[" $2 "]" : $2; exit }' /etc/resolv.conf)}
[ -n "$resolver" ] || fail "/etc/resolv.conf names no server: name one in RELAY_RESOLVER"
case $resolver in
  *[!][A-Za-z0-9.:]*) fail "RELAY_RESOLVER must be an address" ;;
esac

plain RELAY_LISTEN "$listen"
for setting in "RELAY_CERTIFICATE=$certificate" "RELAY_CERTIFICATE_KEY=$certificate_key" "RELAY_SECRETS=$secrets" \
  "RELAY_TRUSTED_CERTIFICATES=$trusted"; do
  plain "${setting%%=*}" "${setting#*=}"
  [ -r "${setting#*=}" ] || fail "${setting%%=*}: ${setting#*=} cannot be read"
done

mkdir -p "$run/temp"
cp "$(dirname "$0")/nginx.conf" "$run/nginx.conf"

# One secret, or two during a rotation.
count=0
first=
: > "$run/secrets.conf"
while IFS= read -r secret || [ -n "$secret" ]; do
  [ -n "$secret" ] || continue
  case $secret in
    *[!0-9a-f]*) fail "RELAY_SECRETS: each line is 64 hex digits in lower case, from openssl rand -hex 32" ;;
  esac
  [ ${#secret} -eq 64 ] || fail "RELAY_SECRETS: each line is 64 hex digits in lower case, from openssl rand -hex 32"
  [ "$secret" != "$first" ] || fail "RELAY_SECRETS: the two secrets are the same"
  first=$secret
  count=$((count + 1))
  printf '%s 1;\n' "$secret" >> "$run/secrets.conf"
done < "$secrets"
case $count in
  1 | 2) ;;
  *) fail "RELAY_SECRETS holds $count secrets: one, or two during a rotation" ;;
esac

cat > "$run/settings.conf" << SETTINGS
listen $listen ssl;
ssl_certificate $certificate;
ssl_certificate_key $certificate_key;
set \$fireblocks $host;
set \$fireblocks_name $name;
resolver $resolver ipv6=off;
proxy_ssl_trusted_certificate $trusted;
SETTINGS

exec nginx -e stderr -p "$run" -c "$run/nginx.conf"
