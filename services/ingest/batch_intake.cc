#include "services/ingest/batch_intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::ingest {

BatchIntake::BatchIntake(std::shared_ptr<const LocationTree> tree, RunSink* sink)
    : tree_(std::move(tree)), sink_(sink) {}

absl::Status BatchIntake::Add(const RawChunk& chunk) {
  if (const auto* rows = std::get_if<RawRows>(&chunk)) return AddRows(*rows);
  return AddColumns(std::get<RawColumns>(chunk));
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

BatchIntake::NamedPort BatchIntake::FindPort(absl::string_view text) const {
  NamedPort named{.text = text, .port = tree_->FindPort(text)};
  if (named.port != nullptr || text.empty()) return named;
  named.problem =
      PortCode::IsValid(text) ? RowErrorReason::kUnknownPort : RowErrorReason::kNotAPort;
  return named;
}

void BatchIntake::CheckPort(absl::string_view field, const NamedPort& port) {
  if (port.port == nullptr) errors_.Add(row_count_, field, port.problem, port.text);
}

void BatchIntake::CheckPrice(int64_t price) {
  if (IsPriceInRange(price)) return;
  errors_.Add(row_count_, "price", RowErrorReason::kPriceOutOfRange, absl::StrCat(price));
}

absl::Status BatchIntake::AddRows(RawRows rows) {
  if (rows.size() > limits::kChunkRowsMax) {
    return InvalidRequestError("chunk.rows",
                               absl::StrCat("more than ", limits::kChunkRowsMax, " rows"));
  }
  // Rows mostly come lane by lane: the ports of the last row are looked at first.
  NamedPort origin = FindPort("");
  NamedPort destination = FindPort("");
  for (const RawPrice& row : rows) {
    if (row.origin != origin.text) origin = FindPort(row.origin);
    if (row.destination != destination.text) destination = FindPort(row.destination);
    Day day;
    const bool is_day = ReadIsoDay(row.day, day);
    if (origin.port != nullptr && destination.port != nullptr && is_day && IsDayInRange(day) &&
        IsPriceInRange(row.price)) [[likely]] {
      RETURN_IF_ERROR(
          AddGoodRow(*origin.port, *destination.port, day, static_cast<Price>(row.price)));
    } else {
      CheckPort("origin", origin);
      CheckPort("destination", destination);
      if (row.day.empty()) {
        errors_.Add(row_count_, "day", RowErrorReason::kMissingField, "");
      } else if (!is_day) {
        errors_.Add(row_count_, "day", RowErrorReason::kBadDate, row.day);
      } else if (!IsDayInRange(day)) {
        errors_.Add(row_count_, "day", RowErrorReason::kDateOutOfRange, row.day);
      }
      CheckPrice(row.price);
    }
    if (++row_count_ > limits::kUploadRowsMax) return TooManyRowsError(limits::kUploadRowsMax);
  }
  return absl::OkStatus();
}

absl::Status BatchIntake::AddColumns(const RawColumns& columns) {
  const size_t rows = columns.prices.size();
  if (columns.origins.size() != rows || columns.destinations.size() != rows ||
      columns.day_numbers.size() != rows) {
    return InvalidRequestError("chunk.columns", "the columns differ in length");
  }
  if (rows > limits::kChunkRowsMax) {
    return InvalidRequestError("chunk.columns",
                               absl::StrCat("more than ", limits::kChunkRowsMax, " rows"));
  }
  std::vector<NamedPort> ports;
  ports.reserve(columns.ports.size());
  for (const absl::string_view text : columns.ports) ports.push_back(FindPort(text));
  for (size_t i = 0; i < rows; ++i) {
    RETURN_IF_ERROR(AddColumnRow(columns, ports, i));
    if (++row_count_ > limits::kUploadRowsMax) return TooManyRowsError(limits::kUploadRowsMax);
  }
  return absl::OkStatus();
}

absl::Status BatchIntake::AddColumnRow(const RawColumns& columns, absl::Span<const NamedPort> ports,
                                       size_t i) {
  if (columns.origins[i] >= ports.size() || columns.destinations[i] >= ports.size()) {
    return InvalidRequestError("chunk.columns",
                               absl::StrCat("row ", i, " points beyond the ports of its chunk"));
  }
  const NamedPort& origin = ports[columns.origins[i]];
  const NamedPort& destination = ports[columns.destinations[i]];
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
                absl::StrCat(columns.day_numbers[i]));
  }
  CheckPrice(price);
  return absl::OkStatus();
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
