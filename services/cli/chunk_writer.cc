#include "services/cli/chunk_writer.h"

#include "libs/domain/day.h"

namespace fairway::cli {

void ChunkWriter::TakeInto(v1::PriceChunk& chunk) {
  if (!FillColumns(*chunk.mutable_columns())) FillRows(*chunk.mutable_rows());
  prices_.clear();
  text_bytes_ = 0;
}

bool ChunkWriter::FillColumns(v1::PriceColumns& columns) {
  columns.Clear();
  port_numbers_.clear();
  for (const PriceText& price : prices_) {
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
  for (const PriceText& price : prices_) {
    v1::Price* row = rows.add_prices();
    row->set_origin(price.origin);
    row->set_destination(price.destination);
    row->set_day(price.day);
    row->set_price(price.price);
  }
}

uint32_t ChunkWriter::PortNumber(const std::string& port, v1::PriceColumns& columns) {
  const auto [entry, is_new] =
      port_numbers_.try_emplace(port, static_cast<uint32_t>(columns.ports_size()));
  if (is_new) columns.add_ports(port);
  return entry->second;
}

}  // namespace fairway::cli
