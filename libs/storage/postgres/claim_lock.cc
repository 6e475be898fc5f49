#include "libs/storage/postgres/claim_lock.h"

#include <xxhash.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace fairway {

int64_t ClaimLock(const BatchKey& key) {
  const std::string name = absl::StrCat("batch ", key.partner, "/", key.batch_id);
  return static_cast<int64_t>(XXH3_64bits(name.data(), name.size()));
}

}  // namespace fairway
