#include "libs/storage/postgres/claim_lock.h"

#include <cstring>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "libs/base/sha256.h"

namespace fairway {

int64_t ClaimLock(const BatchKey& key) {
  const std::string digest = Sha256Of(absl::StrCat("batch ", key.partner, "/", key.batch_id));
  int64_t lock = 0;
  const std::string beginning =
      absl::HexStringToBytes(absl::string_view(digest).substr(0, 2 * sizeof(lock)));
  std::memcpy(&lock, beginning.data(), sizeof(lock));
  return lock;
}

}  // namespace fairway
