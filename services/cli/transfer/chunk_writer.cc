#include "services/cli/transfer/chunk_writer.h"

#include "absl/strings/str_cat.h"

#include "libs/domain/day.h"

namespace fairway::cli {
namespace {

v1::RowErrorReason ProtoReason(RowErrorReason reason) {
  v1::RowErrorReason sent = v1::ROW_ERROR_REASON_UNSPECIFIED;
  v1::RowErrorReason_Parse(absl::StrCat("ROW_ERROR_REASON_", RowErrorReasonName(reason)), &sent);
  return sent;
}

void FillRow(const price_files::PriceText& price, v1::Price& row) {
  row.set_origin(price.origin.data(), price.origin.size());
  row.set_destination(price.destination.data(), price.destination.size());
  row.set_day(price.day.data(), price.day.size());
  row.set_price(price.price);
}

}  // namespace

void ChunkWriter::Add(const price_files::PriceText& price) {
  text_bytes_ += price.origin.size() + price.destination.size() + price.day.size();
  int32_t day_number = 0;
  if (!price.errors.empty()) {
    Reject(price);
  } else if (rows_.prices().empty() && ReadDay(price.day, day_number)) {
    AddToColumns(price, day_number);
  } else {
    AddToRows(price);
  }
  ++row_count_;
}

void ChunkWriter::TakeInto(v1::PriceChunk& chunk) {
  if (!rows_.prices().empty()) {
    chunk.mutable_rows()->Swap(&rows_);
  } else if (!columns_.prices().empty()) {
    chunk.mutable_columns()->Swap(&columns_);
  } else {
    chunk.clear_form();
  }
  chunk.mutable_rejected_rows()->Assign(rejected_.begin(), rejected_.end());
  columns_.Clear();
  rows_.Clear();
  rejected_.clear();
  row_count_ = 0;
  text_bytes_ = 0;
  port_numbers_.clear();
  origin_ = {};
  destination_ = {};
}

void ChunkWriter::AddToColumns(const price_files::PriceText& price, int32_t day_number) {
  columns_.add_origins(PortNumber(price.origin, origin_));
  columns_.add_destinations(PortNumber(price.destination, destination_));
  columns_.add_day_numbers(day_number);
  columns_.add_prices(price.price);
}

void ChunkWriter::AddToRows(const price_files::PriceText& price) {
  if (!columns_.prices().empty()) MoveColumnsToRows();
  FillRow(price, *rows_.add_prices());
}

void ChunkWriter::MoveColumnsToRows() {
  for (int i = 0; i < columns_.prices_size(); ++i) {
    v1::Price& row = *rows_.add_prices();
    row.set_origin(columns_.ports(static_cast<int>(columns_.origins(i))));
    row.set_destination(columns_.ports(static_cast<int>(columns_.destinations(i))));
    row.set_day(FormatDay(DayFromNumber(columns_.day_numbers(i))));
    row.set_price(columns_.prices(i));
  }
  columns_.Clear();
}

void ChunkWriter::Reject(const price_files::PriceText& price) {
  v1::RejectedRow& row = rejected_.emplace_back();
  row.set_position(static_cast<int32_t>(row_count_));
  FillRow(price, *row.mutable_readable());
  for (const RowError& error : price.errors) {
    v1::RowError* sent = row.add_errors();
    sent->set_field(error.field);
    sent->set_reason(ProtoReason(error.reason));
    sent->set_value(error.value);
  }
  text_bytes_ += row.ByteSizeLong();
}

bool ChunkWriter::ReadDay(absl::string_view text, int32_t& number) {
  if (!day_.number || text != day_.text) {
    Day day;
    if (!ReadIsoDay(text, day)) return false;
    day_.Set(text, DayNumber(day));
  }
  number = *day_.number;
  return true;
}

uint32_t ChunkWriter::PortNumber(absl::string_view port, Last<uint32_t>& last) {
  if (last.number && port == last.text) return *last.number;
  const auto [entry, is_new] =
      port_numbers_.try_emplace(port, static_cast<uint32_t>(columns_.ports_size()));
  if (is_new) columns_.add_ports(port.data(), port.size());
  last.Set(port, entry->second);
  return entry->second;
}

}  // namespace fairway::cli
