#include "libs/price_files/dump_price_source.h"

#include <filesystem>
#include <system_error>

#include "libs/base/status_macros.h"
#include "libs/domain/day.h"
#include "libs/price_files/file_error.h"

namespace fairway::price_files {

absl::StatusOr<std::unique_ptr<SpooledFile>> OpenDump(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path + "/toc.dat", ignored)) {
    return ContentError(path, 0,
                        "a dump in pg_dump's directory format is not supported; make it plain: "
                        "pg_restore -f dump.sql DIRECTORY");
  }
  return SpooledFile::Open(path);
}

absl::StatusOr<sql_dump::DumpContent> ReadDumpContent(const SpooledFile& file) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, file.Read());
  DumpTextSource text(std::move(bytes));
  return sql_dump::ReadDumpContent(text);
}

LocationFile LocationsOf(const sql_dump::DumpContent& content) {
  LocationFile locations;
  for (const sql_dump::DumpLocation& region : content.regions) {
    locations.regions.push_back({region.code, region.name, region.parent});
  }
  for (const sql_dump::DumpLocation& port : content.ports) {
    locations.ports.push_back({port.code, port.name, port.parent});
  }
  return locations;
}

absl::StatusOr<std::unique_ptr<DumpPriceSource>> DumpPriceSource::Open(
    const SpooledFile& file, const sql_dump::SchemaKey& schema) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> bytes, file.Read());
  return std::unique_ptr<DumpPriceSource>(new DumpPriceSource(std::move(bytes), schema));
}

absl::StatusOr<bool> DumpPriceSource::Next(PriceText& price) {
  ASSIGN_OR_RETURN(const bool more, prices_.Next(price_));
  if (!more) return false;
  price.origin = price_.origin;
  price.destination = price_.destination;
  day_ = FormatDay(price_.day);
  price.day = day_;
  price.price = price_.price;
  lines_.Add(price_.line);
  return true;
}

}  // namespace fairway::price_files
