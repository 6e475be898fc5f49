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
  row.set_origin(price.origin);
  row.set_destination(price.destination);
  row.set_day(price.day);
  row.set_price(price.price);
}

}  // namespace

void ChunkWriter::TakeInto(v1::PriceChunk& chunk) {
  if (prices_.empty()) {
    chunk.clear_form();
  } else if (!FillColumns(*chunk.mutable_columns())) {
    FillRows(*chunk.mutable_rows());
  }
  chunk.mutable_rejected_rows()->Assign(rejected_.begin(), rejected_.end());
  prices_.clear();
  rejected_.clear();
  row_count_ = 0;
  text_bytes_ = 0;
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

bool ChunkWriter::FillColumns(v1::PriceColumns& columns) {
  columns.Clear();
  port_numbers_.clear();
  for (const price_files::PriceText& price : prices_) {
    Day day;
    if (!ReadIsoDay(price.day, day)) return false;
    columns.add_origins(PortNumber(price.origin, columns));
    columns.add_destinations(PortNumber(price.destination, columns));
    columns.add_day_numbers(DayNumber(day));
    columns.add_prices(price.price);
  }
  return true;
}

void ChunkWriter::FillRows(v1::PriceRows& rows) const {
  for (const price_files::PriceText& price : prices_) {
    FillRow(price, *rows.add_prices());
  }
}

uint32_t ChunkWriter::PortNumber(const std::string& port, v1::PriceColumns& columns) {
  const auto [entry, is_new] =
      port_numbers_.try_emplace(port, static_cast<uint32_t>(columns.ports_size()));
  if (is_new) columns.add_ports(port);
  return entry->second;
}

}  // namespace fairway::cli
