#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/price_files/byte_source.h"

namespace fairway::price_files {

// Returns blocks of any size, and then an error or the end.
class BlockSource final : public ByteSource {
 public:
  explicit BlockSource(std::vector<std::string> blocks, absl::Status end = absl::OkStatus())
      : blocks_(std::move(blocks)), end_(std::move(end)) {}
  // `bytes` in blocks of `block_bytes`.
  BlockSource(absl::string_view bytes, size_t block_bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(blocks_.back().size())) {
      blocks_.emplace_back(bytes.substr(0, block_bytes));
    }
  }

  absl::StatusOr<std::string> Next() override {
    if (next_ < blocks_.size()) return blocks_[next_++];
    if (!end_.ok()) return end_;
    return "";
  }
  const std::string& name() const override { return name_; }
  std::optional<int64_t> size() const override { return std::nullopt; }
  bool may_be_cut() const override { return is_pipe_; }
  void BecomePipe() { is_pipe_ = true; }

 private:
  const std::string name_ = "s3://prices/a.csv";
  std::vector<std::string> blocks_;
  const absl::Status end_;
  size_t next_ = 0;
  bool is_pipe_ = false;
};

}  // namespace fairway::price_files
