#include "libs/sql_dump/price_row.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"
#include "libs/domain/port_code.h"
#include "libs/domain/price.h"
#include "libs/sql_dump/values.h"

namespace fairway::sql_dump {
namespace {

absl::Status ReadPort(const DumpRow& row, size_t column, std::string& code) {
  ASSIGN_OR_RETURN(const absl::string_view text, ReadText(*row.fields[column], *row.types[column]));
  if (!PortCode::IsValid(text)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no port code"));
  }
  code.assign(text.data(), text.size());
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadPriceRow(const DumpRow& row, DumpPrice& price) {
  RETURN_IF_ERROR(ReadPort(row, 0, price.origin));
  RETURN_IF_ERROR(ReadPort(row, 1, price.destination));
  ASSIGN_OR_RETURN(price.day, ReadDay(*row.fields[2], *row.types[2]));
  if (!IsDayInRange(price.day)) {
    return absl::InvalidArgumentError(absl::StrCat("the day ", row.fields[2]->text, " is not in ",
                                                   FormatDay(kDayMin), " to ", FormatDay(kDayMax)));
  }
  ASSIGN_OR_RETURN(price.price, ReadDollars(*row.fields[3], *row.types[3]));
  if (!IsPriceInRange(price.price)) {
    return absl::InvalidArgumentError(absl::StrCat("the price ", price.price, " is not in ",
                                                   limits::kPriceMin, " to ", limits::kPriceMax));
  }
  price.line = row.line;
  return absl::OkStatus();
}

}  // namespace fairway::sql_dump
