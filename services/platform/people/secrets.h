// The cryptography of the parties' store: sealing (AES-256-GCM), keyed hashes (HMAC-SHA-256),
// random bytes; all of OpenSSL's. Keys are wiped from memory where they end.
//
// Any thread; values have no lock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::people {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSealBytes = kNonceBytes + kTagBytes;  // what a seal adds
inline constexpr std::size_t kKeyIdBytes = 8;
inline constexpr std::size_t kHashBytes = 32;

class SecretKey {
 public:
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  static SecretKey Random();
  // nullopt: another number of bytes.
  static std::optional<SecretKey> FromBytes(std::string_view bytes);

  const std::uint8_t* data() const { return bytes_.data(); }
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  // Names the key without telling it: the first bytes of a hash.
  std::string Id() const;

 private:
  std::array<std::uint8_t, kKeyBytes> bytes_{};
};

// Wipes a text that held a key.
void Wipe(std::string& text);
// As the system's generator gives them.
std::string RandomBytes(std::size_t bytes);

// Nonce, sealed text, tag. The nonce is random: one key seals far fewer than 2^32 texts. `place` is
// what the bytes belong to: they open nowhere else.
std::string Seal(const SecretKey& key, std::string_view text, std::string_view place);
// nullopt: another key, another place, or changed bytes.
std::optional<std::string> Unseal(const SecretKey& key, std::string_view sealed,
                                  std::string_view place);

using KeyedHash = std::array<std::uint8_t, kHashBytes>;
// `purpose` keeps hashes for different uses apart.
KeyedHash HashWithKey(const SecretKey& key, char purpose, std::string_view text);

}  // namespace motcua::people
