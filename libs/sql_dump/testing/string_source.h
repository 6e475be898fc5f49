#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "libs/sql_dump/text_source.h"

namespace fairway::sql_dump::testing {

// A dump in memory, handed over in pieces of a few bytes so that every border is crossed.
class StringSource final : public TextSource {
 public:
  explicit StringSource(std::string text, size_t piece_bytes = 7)
      : text_(std::move(text)), piece_bytes_(piece_bytes) {}

  absl::StatusOr<bool> Read(std::string& text) override {
    if (position_ >= text_.size()) return false;
    text += text_.substr(position_, piece_bytes_);
    position_ += piece_bytes_;
    return true;
  }
  const std::string& name() const override { return name_; }

 private:
  const std::string name_ = "d.sql";
  const std::string text_;
  const size_t piece_bytes_;
  size_t position_ = 0;
};

}  // namespace fairway::sql_dump::testing
