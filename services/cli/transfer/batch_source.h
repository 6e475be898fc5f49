#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fairway/v1/batch.pb.h"

#include "libs/price_files/price_source.h"

namespace fairway::cli {

// The content of a batch: what is transferred, and the name that it gives the batch. For one
// thread.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  // The name for messages.
  virtual std::string name() const = 0;
  // The batch id derived from the content: the same content always gives the same id, other content
  // another one; see batch_name.h. USAGE where the content is unknown until it is sent.
  virtual absl::StatusOr<std::string> BatchId() = 0;
  // Declares what is known of the content beforehand: its row count, its digest.
  virtual void Declare(v1::BatchHeader&) const {}
  // The prices, from the beginning. May be called again if CanBeReadAgain(), once the source that
  // was returned before is destroyed.
  virtual absl::StatusOr<std::unique_ptr<price_files::PriceSource>> Open() = 0;
  virtual bool CanBeReadAgain() const = 0;
  // Whether content that can never be committed is set aside.
  virtual bool SetsAside() const { return false; }
  // Stores content that can never be committed, and the report of its errors (CSV), in the place
  // for such content.
  virtual absl::Status SetAside(const std::string& /*error_report*/) { return absl::OkStatus(); }
};

}  // namespace fairway::cli
