#include "services/ingest/batch_intake.h"

#include <utf8.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {
namespace {

// Only text that goes into an answer is looked at: what was found in the tree, or read, is ASCII.
absl::Status CheckText(absl::string_view text) {
  if (utf8::is_valid(text.begin(), text.end())) return absl::OkStatus();
  return InvalidRequestError("chunk", "its text is not UTF-8");
}

// As the day was written before it became a number; beyond the years that can be written so, the
// number.
std::string DayText(int32_t number) {
  constexpr Day kFirst = std::chrono::year(0) / 1 / 1;
  constexpr Day kLast = std::chrono::year(9999) / 12 / 31;
  if (number < DayNumber(kFirst) || number > DayNumber(kLast)) return absl::StrCat(number);
  return FormatDay(DayFromNumber(number));
}

}  // namespace

BatchIntake::BatchIntake(std::shared_ptr<const LocationTree> tree, RunSink* sink, int64_t rows_max)
    : tree_(std::move(tree)), sink_(sink), rows_max_(rows_max) {}

absl::Status BatchIntake::Add(const RawBlock& block) {
  if (const auto* rows = std::get_if<RawRows>(&block)) return AddRows(*rows);
  if (const auto* columns = std::get_if<RawColumns>(&block)) return AddColumns(*columns);
  return AddRejectedRow(std::get<RawRejectedRow>(block));
}

absl::Status BatchIntake::Finish() {
  if (sink_ == nullptr || !errors_.empty() || builder_.row_count() == 0) return absl::OkStatus();
  return sink_->Take(builder_);
}

BatchContent BatchIntake::content() const {
  // A digest says what was stored or compared, and a batch with bad rows is neither.
  return {.row_count = row_count_,
          .days = days_,
          .digest = errors_.empty() ? digest_.ToString() : std::string()};
}

absl::Status BatchIntake::FindPort(absl::string_view text, NamedPort& named) const {
  named = {.text = text, .port = tree_->FindPort(text)};
  if (named.port != nullptr || text.empty()) return absl::OkStatus();
  named.problem =
      PortCode::IsValid(text) ? RowErrorReason::kUnknownPort : RowErrorReason::kNotAPort;
  return CheckText(text);
}

void BatchIntake::CheckPort(absl::string_view field, const NamedPort& port) {
  if (port.port == nullptr) errors_.Add(row_count_, field, port.problem, port.text);
}

absl::Status BatchIntake::CheckDay(absl::string_view text) {
  Day day;
  if (text.empty()) {
    errors_.Add(row_count_, "day", RowErrorReason::kMissingField, "");
  } else if (!ReadIsoDay(text, day)) {
    RETURN_IF_ERROR(CheckText(text));
    errors_.Add(row_count_, "day", RowErrorReason::kBadDate, text);
  } else if (!IsDayInRange(day)) {
    errors_.Add(row_count_, "day", RowErrorReason::kDateOutOfRange, text);
  }
  return absl::OkStatus();
}

void BatchIntake::CheckPrice(int64_t price) {
  if (IsPriceInRange(price)) return;
  errors_.Add(row_count_, "price", RowErrorReason::kPriceOutOfRange, absl::StrCat(price));
}

absl::Status BatchIntake::CountRow() {
  return ++row_count_ > rows_max_ ? TooManyRowsError(rows_max_) : absl::OkStatus();
}

absl::Status BatchIntake::AddRows(RawRows rows) {
  // Rows mostly come lane by lane: the ports of the last row are looked at first.
  NamedPort origin;
  NamedPort destination;
  for (const RawPrice& row : rows) {
    if (row.origin != origin.text) RETURN_IF_ERROR(FindPort(row.origin, origin));
    if (row.destination != destination.text) {
      RETURN_IF_ERROR(FindPort(row.destination, destination));
    }
    Day day;
    if (origin.port != nullptr && destination.port != nullptr && ReadIsoDay(row.day, day) &&
        IsDayInRange(day) && IsPriceInRange(row.price)) [[likely]] {
      RETURN_IF_ERROR(
          AddGoodRow(*origin.port, *destination.port, day, static_cast<Price>(row.price)));
    } else {
      CheckPort("origin", origin);
      CheckPort("destination", destination);
      RETURN_IF_ERROR(CheckDay(row.day));
      CheckPrice(row.price);
    }
    RETURN_IF_ERROR(CountRow());
  }
  return absl::OkStatus();
}

absl::Status BatchIntake::AddColumns(const RawColumns& columns) {
  if (columns.first_row == 0) {
    ports_.clear();
    for (const absl::string_view text : columns.ports) {
      RETURN_IF_ERROR(FindPort(text, ports_.emplace_back()));
    }
  }
  for (size_t i = 0; i < columns.prices.size(); ++i) {
    RETURN_IF_ERROR(AddColumnRow(columns, i));
    RETURN_IF_ERROR(CountRow());
  }
  return absl::OkStatus();
}

absl::Status BatchIntake::AddColumnRow(const RawColumns& columns, size_t i) {
  if (columns.origins[i] >= ports_.size() || columns.destinations[i] >= ports_.size()) {
    return InvalidRequestError(
        "chunk.columns",
        absl::StrCat("row ", columns.first_row + i, " points beyond the ports of its chunk"));
  }
  const NamedPort& origin = ports_[columns.origins[i]];
  const NamedPort& destination = ports_[columns.destinations[i]];
  const Day day = DayFromNumber(columns.day_numbers[i]);
  const int64_t price = columns.prices[i];
  if (origin.port != nullptr && destination.port != nullptr && IsDayInRange(day) &&
      IsPriceInRange(price)) [[likely]] {
    return AddGoodRow(*origin.port, *destination.port, day, static_cast<Price>(price));
  }
  CheckPort("origin", origin);
  CheckPort("destination", destination);
  if (!IsDayInRange(day)) {
    errors_.Add(row_count_, "day", RowErrorReason::kDateOutOfRange,
                DayText(columns.day_numbers[i]));
  }
  CheckPrice(price);
  return absl::OkStatus();
}

absl::Status BatchIntake::AddRejectedRow(const RawRejectedRow& row) {
  for (const RawRowError& error : row.errors) {
    errors_.Add(row_count_, error.field, error.reason, error.value);
  }
  NamedPort port;
  for (const auto& [field, text] :
       {std::pair("origin", row.readable.origin), {"destination", row.readable.destination}}) {
    if (text.empty()) continue;
    RETURN_IF_ERROR(FindPort(text, port));
    CheckPort(field, port);
  }
  if (!row.readable.day.empty()) RETURN_IF_ERROR(CheckDay(row.readable.day));
  if (row.readable.price != 0) CheckPrice(row.readable.price);
  return CountRow();
}

absl::Status BatchIntake::AddGoodRow(const Port& origin, const Port& destination, Day day,
                                     Price price) {
  digest_.Add(LaneLetters(origin.code, destination.code), DayNumber(day), price);
  if (!days_) [[unlikely]]
    days_ = DayRange{day, day};
  days_->first = std::min(days_->first, day);
  days_->last = std::max(days_->last, day);
  if (sink_ == nullptr || !errors_.empty()) return absl::OkStatus();
  builder_.Add({origin.id, destination.id}, day, price);
  return builder_.full() ? sink_->Take(builder_) : absl::OkStatus();
}

}  // namespace fairway::ingest
