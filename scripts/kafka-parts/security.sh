# shellcheck shell=bash disable=SC2154
# Certificates, a user, and what clients have to know: all of it made at a cluster's first start.
#
# The mechanism is PLAIN. librdkafka before 2.6.1, and so Debian 12's, writes a client's last SCRAM
# message with the nonce twice (librdkafka's pull request 4895), which Kafka 4 refuses.

readonly user=motcua
readonly certificate_days=3650

# Writes security/ and client.properties, in the names of librdkafka's settings.
make_security() {
  (
    # Keys and passwords are their owner's alone.
    umask 077
    mkdir -p "$data/security"
    if [[ "$security" == *ssl ]]; then
      make_authority
      make_certificate broker 'subjectAltName=IP:127.0.0.1,DNS:localhost'
      make_certificate client 'extendedKeyUsage=clientAuth'
    fi
    [[ "$security" != sasl_* ]] || openssl rand -hex 16 >"$data/security/password"
    client_properties >"$data/client.properties"
  )
}

make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$certificate_days" \
    -subj '/CN=motcua Kafka authority' -keyout "$data/security/ca.key" \
    -out "$data/security/ca.pem" 2>/dev/null
}

# make_certificate NAME EXTENSION: NAME.key, NAME.pem, and both in NAME.keystore.pem.
make_certificate() {
  local base="$data/security/$1"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
    -keyout "$base.key" -out "$base.csr" 2>/dev/null
  openssl x509 -req -in "$base.csr" -CA "$data/security/ca.pem" -CAkey "$data/security/ca.key" \
    -CAcreateserial -days "$certificate_days" -extfile <(echo "$2") -out "$base.pem" 2>/dev/null
  cat "$base.key" "$base.pem" >"$base.keystore.pem"
  rm "$base.csr"
}

# With `ssl` clients show a certificate; with `sasl_ssl` they give a password instead.
client_properties() {
  echo "security.protocol=$security"
  [[ "$security" != *ssl ]] || echo "ssl.ca.location=$data/security/ca.pem"
  if [[ "$security" == ssl ]]; then
    echo "ssl.certificate.location=$data/security/client.pem"
    echo "ssl.key.location=$data/security/client.key"
  fi
  if [[ "$security" == sasl_* ]]; then
    echo "sasl.mechanism=PLAIN"
    echo "sasl.username=$user"
    echo "sasl.password=$(<"$data/security/password")"
  fi
}

# The broker's side, for server.properties.
security_properties() {
  local prefix=listener.name.client
  if [[ "$security" == *ssl ]]; then
    echo "$prefix.ssl.keystore.type=PEM"
    echo "$prefix.ssl.keystore.location=$data/security/broker.keystore.pem"
    echo "$prefix.ssl.truststore.type=PEM"
    echo "$prefix.ssl.truststore.location=$data/security/ca.pem"
    echo "$prefix.ssl.client.auth=$([[ "$security" == ssl ]] && echo required || echo none)"
  fi
  if [[ "$security" == sasl_* ]]; then
    echo "$prefix.sasl.enabled.mechanisms=PLAIN"
    echo "$prefix.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required\
 user_$user=\"$(<"$data/security/password")\";"
  fi
}
