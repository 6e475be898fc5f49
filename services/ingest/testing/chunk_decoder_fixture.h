#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fairway/v1/batch.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/status_macros.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "services/ingest/chunk_decoder.h"

namespace fairway::ingest {

inline std::string RowText(const RawPrice& row) {
  return absl::StrCat(row.origin, " ", row.destination, " ", row.day, " ", row.price);
}

inline void AddBlock(const RawBlock& block, std::vector<std::string>& rows) {
  if (const auto* of_rows = std::get_if<RawRows>(&block)) {
    for (const RawPrice& row : *of_rows) rows.push_back(RowText(row));
  } else if (const auto* columns = std::get_if<RawColumns>(&block)) {
    for (size_t i = 0; i < columns->prices.size(); ++i) {
      rows.push_back(absl::StrCat(columns->ports[columns->origins[i]], " ",
                                  columns->ports[columns->destinations[i]], " ",
                                  columns->day_numbers[i], " ", columns->prices[i]));
    }
  } else {
    const auto& rejected = std::get<RawRejectedRow>(block);
    rows.push_back("rejected " + RowText(rejected.readable));
    for (const RawRowError& error : rejected.errors) {
      absl::StrAppend(&rows.back(), " ", error.field, " ", RowErrorReasonName(error.reason), " ",
                      error.value);
    }
  }
}

class ChunkDecoderFixture : public ::testing::Test {
 protected:
  // A line of text for each row.
  absl::StatusOr<std::vector<std::string>> Decode(const std::string& bytes) {
    RETURN_IF_ERROR(decoder_.Begin(bytes));
    std::vector<std::string> rows;
    while (true) {
      ASSIGN_OR_RETURN(const RawBlock* block, decoder_.Next());
      if (block == nullptr) return rows;
      AddBlock(*block, rows);
    }
  }
  absl::StatusOr<std::vector<std::string>> Decode(const v1::PriceChunk& chunk) {
    return Decode(chunk.SerializeAsString());
  }
  void ExpectRefused(const std::string& bytes, absl::string_view words) {
    const absl::Status status = Decode(bytes).status();
    EXPECT_EQ(ReasonOf(status), reasons::kInvalidRequest) << words;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(std::string(words)));
  }
  void ExpectRefused(const v1::PriceChunk& chunk, absl::string_view words) {
    ExpectRefused(chunk.SerializeAsString(), words);
  }

  ChunkDecoder decoder_;
};

inline void AddRow(v1::PriceChunk& chunk, const std::string& origin, int64_t price) {
  v1::Price* row = chunk.mutable_rows()->add_prices();
  row->set_origin(origin);
  row->set_destination("NLRTM");
  row->set_day("2026-01-01");
  row->set_price(price);
}

inline v1::RejectedRow& AddRejected(v1::PriceChunk& chunk, int position) {
  v1::RejectedRow& rejected = *chunk.add_rejected_rows();
  rejected.set_position(position);
  v1::RowError& error = *rejected.add_errors();
  error.set_field("price");
  error.set_reason(v1::ROW_ERROR_REASON_NOT_A_NUMBER);
  error.set_value("n/a");
  return rejected;
}

inline void AddColumnRow(v1::PriceColumns& columns, uint32_t origin, int32_t day, int64_t price) {
  columns.add_origins(origin);
  columns.add_destinations(1);
  columns.add_day_numbers(day);
  columns.add_prices(price);
}

}  // namespace fairway::ingest
