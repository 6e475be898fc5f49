#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/price_files/byte_source.h"

namespace fairway::cli {

// What `fairway load` loads: content that never changes under its batch id.
class LoadSource {
 public:
  virtual ~LoadSource() = default;

  // What people call it.
  virtual std::string name() const = 0;
  // Other content, other id; the same content, the same id, for ever.
  virtual absl::StatusOr<std::string> BatchId() = 0;
  // From its beginning, as often as wanted where CanBeReadAgain(); the last one must be gone.
  virtual absl::StatusOr<std::unique_ptr<price_files::ByteSource>> Open() = 0;
  virtual bool CanBeReadAgain() const = 0;
  // Puts a content that can never be loaded where people will look for it, with the report of what
  // is wrong, as CSV, beside it. Says where.
  virtual absl::Status SetAside(const std::string& error_report) = 0;
};

}  // namespace fairway::cli
