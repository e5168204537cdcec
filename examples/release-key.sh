#!/bin/sh
# Hands a secret to a guest, and only to the guest that proved what it is.
#
# The guest made an RSA key pair, asked for a report with REPORT_DATA = SHA-512(nonce + its public key in PEM), and sent report and
# public key. This side chose the nonce for this one request and keeps it until it is used. Nothing leaves unless `litebox verify`
# says that signature, chain, TCB, policy and that REPORT_DATA are right; then the secret leaves encrypted to the very key that the
# report speaks for, so whoever carries it cannot read it.
#
#   release-key.sh NONCE REPORT PUBLIC-KEY SECRET OUTPUT [options of litebox verify]
#   release-key.sh nonce.bin report.bin guest.pem secret.bin secret.enc --policy policy.json --kds ./kds
#
# Ends as litebox verify ends: 0 released, 1 policy, 3 malformed, 5 not authentic, 6 evidence missing.
set -eu
[ $# -ge 5 ] || { echo "usage: release-key.sh NONCE REPORT PUBLIC-KEY SECRET OUTPUT [options of litebox verify]" >&2; exit 2; }
nonce=$1 report=$2 key=$3 secret=$4 output=$5
shift 5

[ "$(wc -c < "$nonce")" -ge 16 ] || { echo "$nonce: a nonce has at least 16 bytes; make one with: openssl rand -out $nonce 32" >&2; exit 2; }

transcript=$(mktemp)
trap 'rm -f "$transcript"' EXIT
cat "$nonce" "$key" > "$transcript"

# shellcheck disable=SC2086  # LITEBOX may be a command with arguments
${LITEBOX:-litebox} verify "$report" --report-data-file "$transcript" "$@" >&2

# A nonce serves once: the same evidence must not open the door again.
rm -f "$nonce"
openssl pkeyutl -encrypt -pubin -inkey "$key" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -in "$secret" -out "$output"
echo "released: $output" >&2
