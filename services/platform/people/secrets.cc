#include "services/platform/people/secrets.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "services/base/check.h"

namespace motcua::people {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

// Looking an algorithm up by name costs more than sealing a record: once for the process, never
// freed.
const EVP_CIPHER* Aes() {
  static const EVP_CIPHER* const kAes = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  MOTCUA_CHECK(kAes != nullptr, "OpenSSL has AES-256-GCM");
  return kAes;
}
const EVP_MD* Sha() {
  static const EVP_MD* const kSha = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  MOTCUA_CHECK(kSha != nullptr, "OpenSSL has SHA-256");
  return kSha;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }

Cipher NewCipher() {
  Cipher cipher(EVP_CIPHER_CTX_new());
  MOTCUA_CHECK(cipher != nullptr, "no memory for a cipher");
  return cipher;
}

}  // namespace

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

SecretKey SecretKey::Random() {
  SecretKey key;
  MOTCUA_CHECK(RAND_priv_bytes(key.bytes_.data(), static_cast<int>(kKeyBytes)) == 1,
               "the system gives no random bytes");
  return key;
}

std::optional<SecretKey> SecretKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != kKeyBytes) return std::nullopt;
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

std::string SecretKey::Id() const {
  const KeyedHash hash = HashWithKey(*this, 'n', "");
  return {reinterpret_cast<const char*>(hash.data()), kKeyIdBytes};
}

void Wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

std::string RandomBytes(std::size_t bytes) {
  std::string random(bytes, '\0');
  MOTCUA_CHECK(RAND_bytes(Bytes(random.data()), static_cast<int>(bytes)) == 1,
               "the system gives no random bytes");
  return random;
}

std::string Seal(const SecretKey& key, std::string_view text, std::string_view place) {
  std::string sealed = RandomBytes(kNonceBytes);
  sealed.resize(kNonceBytes + text.size() + kTagBytes);
  const Cipher cipher = NewCipher();
  int bytes = 0;
  bool done = EVP_EncryptInit_ex2(cipher.get(), Aes(), key.data(), Bytes(sealed), nullptr) == 1 &&
              EVP_EncryptUpdate(cipher.get(), nullptr, &bytes, Bytes(place),
                                static_cast<int>(place.size())) == 1 &&
              EVP_EncryptUpdate(cipher.get(), Bytes(sealed.data() + kNonceBytes), &bytes,
                                Bytes(text), static_cast<int>(text.size())) == 1;
  done = done && EVP_EncryptFinal_ex(cipher.get(), nullptr, &bytes) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes),
                             sealed.data() + kNonceBytes + text.size()) == 1;
  MOTCUA_CHECK(done, "AES-256-GCM seals any text");
  return sealed;
}

std::optional<std::string> Unseal(const SecretKey& key, std::string_view sealed,
                                  std::string_view place) {
  if (sealed.size() < kSealBytes) return std::nullopt;
  const std::size_t size = sealed.size() - kSealBytes;
  std::string text(size, '\0');
  std::string tag(sealed.substr(kNonceBytes + size));
  const Cipher cipher = NewCipher();
  int bytes = 0;
  const bool done =
      EVP_DecryptInit_ex2(cipher.get(), Aes(), key.data(), Bytes(sealed), nullptr) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &bytes, Bytes(place),
                        static_cast<int>(place.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Bytes(text.data()), &bytes, Bytes(sealed) + kNonceBytes,
                        static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes),
                          tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), nullptr, &bytes) == 1;
  if (done) return text;
  Wipe(text);
  return std::nullopt;
}

KeyedHash HashWithKey(const SecretKey& key, char purpose, std::string_view text) {
  std::string message(1, purpose);
  message += text;
  KeyedHash hash;
  unsigned bytes = 0;
  const bool done = HMAC(Sha(), key.data(), static_cast<int>(kKeyBytes), Bytes(message),
                         message.size(), hash.data(), &bytes) != nullptr;
  MOTCUA_CHECK(done && bytes == kHashBytes, "HMAC takes any text");
  Wipe(message);
  return hash;
}

}  // namespace motcua::people
