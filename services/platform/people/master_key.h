// The office's master key: a file of its own, readable by its owner alone, that wraps the keys of
// all records. With it and the folder of people anybody can read them: keep it, and its copy,
// apart.
//
//   <64 hexadecimal digits>        the key
//   <64 hexadecimal digits>        one of before, for as long as a change of keys is under way
//
// Free functions; any thread.
#pragma once

#include <filesystem>
#include <vector>

#include "services/base/status.h"
#include "services/platform/people/secrets.h"

namespace motcua::people {

struct MasterKeys {
  SecretKey present;
  std::vector<SecretKey> before;
};

// KEY_UNUSABLE, naming the file and never its content: there is none, others than its owner may
// read or write it, it is another user's, or it holds something else.
Result<MasterKeys> ReadMasterKeys(const std::filesystem::path& file);
// Makes the file with a random key, durable on return. KEY_UNUSABLE where there is one already.
Status MakeMasterKey(const std::filesystem::path& file);
// Replaces the file's content, durable on return; a crash leaves the one or the other whole.
Status WriteMasterKeys(const std::filesystem::path& file, const MasterKeys& keys);
// Puts a new random key in front of the present one. The next opening of the store wraps all keys
// anew and takes the old one out of the file.
Status RotateMasterKey(const std::filesystem::path& file);

}  // namespace motcua::people
