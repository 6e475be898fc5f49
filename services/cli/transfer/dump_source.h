#pragma once

#include <memory>
#include <string>
#include <utility>

#include "libs/price_files/dump_price_source.h"
#include "services/cli/transfer/batch_name.h"
#include "services/cli/transfer/batch_source.h"

namespace fairway::cli {

// The prices of a dump that was read once; `file` must outlive this. LOCAL_FILE, FILE_CONTENT.
class DumpSource final : public BatchSource {
 public:
  DumpSource(const price_files::SpooledFile& file, const sql_dump::DumpContent& content)
      : file_(file),
        schema_(content.schema),
        row_count_(content.price_count),
        digest_(content.digest) {}

  std::string name() const override { return file_.name(); }
  absl::StatusOr<std::string> BatchId() override { return BatchIdOfDump(digest_); }
  void Declare(v1::BatchHeader& header) const override {
    header.set_declared_row_count(row_count_);
    header.set_declared_digest(digest_);
  }
  absl::StatusOr<std::unique_ptr<price_files::PriceSource>> Open() override {
    return price_files::DumpPriceSource::Open(file_, schema_);
  }
  bool CanBeReadAgain() const override { return true; }

 private:
  const price_files::SpooledFile& file_;
  const sql_dump::SchemaKey schema_;
  const int64_t row_count_;
  const std::string digest_;
};

}  // namespace fairway::cli
