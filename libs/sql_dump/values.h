#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/domain/day.h"
#include "libs/sql_dump/copy_line.h"

namespace fairway::sql_dump {

// A value as PostgreSQL's type of this name reads it ("" when the type is unknown, as in a dump of
// data only: then the reference schema's). What is not exactly a day, or a whole number of dollars,
// is an error that says so; it has no line.
absl::StatusOr<Day> ReadDay(const Field& field, absl::string_view type);
absl::StatusOr<int64_t> ReadDollars(const Field& field, absl::string_view type);

// A text; character(n) loses the blanks at its end, as in comparisons.
absl::StatusOr<absl::string_view> ReadText(const Field& field, absl::string_view type);

}  // namespace fairway::sql_dump
