#include "services/cli/file_to_load.h"

#include <filesystem>

#include "libs/base/status_macros.h"
#include "libs/object_store/sha256.h"
#include "services/cli/batch_name.h"
#include "services/cli/exit_code.h"

namespace fairway::cli {

absl::StatusOr<std::string> FileToLoad::BatchId() {
  if (!CanBeReadAgain()) return UsageError(path_ + " has no name: give the batch one, --batch-id");
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> bytes, Open());
  object_store::Sha256 sha;
  while (true) {
    ASSIGN_OR_RETURN(const std::string block, bytes->Next());
    if (block.empty()) return BatchIdOfContent(path_, sha.Finish());
    sha.Add(block);
  }
}

bool FileToLoad::CanBeReadAgain() const {
  // What cannot be found is told by who opens it.
  std::error_code error;
  return path_ != "-" &&
         (std::filesystem::is_regular_file(path_, error) || !std::filesystem::exists(path_, error));
}

}  // namespace fairway::cli
