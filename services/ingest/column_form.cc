#include "services/ingest/column_form.h"

#include <utf8.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fairway/v1/batch.pb.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/rpc/server/known_fields.h"

namespace fairway::ingest {
namespace {

using wire::WireType;

constexpr uint32_t kPorts = v1::PriceColumns::kPortsFieldNumber;
constexpr uint32_t kFirstColumn = v1::PriceColumns::kOriginsFieldNumber;
constexpr uint32_t kLastColumn = v1::PriceColumns::kPricesFieldNumber;
static_assert(kPorts == 1 && kFirstColumn == 2 && kLastColumn == 5 &&
              v1::PriceColumns::kDestinationsFieldNumber == 3 &&
              v1::PriceColumns::kDayNumbersFieldNumber == 4);

bool FitsUint32(uint64_t encoded, uint32_t& value) {
  value = static_cast<uint32_t>(encoded);
  return encoded <= UINT32_MAX;
}

bool FitsSint32(uint64_t encoded, int32_t& value) {
  const auto bits = static_cast<uint32_t>(encoded);
  value = static_cast<int32_t>((bits >> 1) ^ (~(bits & 1) + 1));
  return encoded <= UINT32_MAX;
}

bool FitsInt64(uint64_t encoded, int64_t& value) {
  value = static_cast<int64_t>(encoded);
  return true;
}

}  // namespace

template <typename T, typename Convert>
int NumberColumn::Read(int count, T* out, Convert convert) {
  for (int i = 0; i < count; ++i) {
    if (next_ == end_ && !NextPart()) return i;
    uint64_t encoded = 0;
    if (!wire::ReadVarint(next_, end_, encoded) || !convert(encoded, out[i])) return -1;
  }
  return count;
}

bool NumberColumn::NextPart() {
  wire::Field field;
  while (reader_.Next(field)) {
    if (field.number != number_ || field.bytes.empty()) continue;
    next_ = field.bytes.data();
    end_ = next_ + field.bytes.size();
    return true;
  }
  return false;
}

absl::Status ColumnForm::Begin(absl::string_view message) {
  message_ = message;
  ports_.clear();
  rows_read_ = 0;
  columns_ = {};
  std::array<bool, kLastColumn + 1> seen = {};
  wire::FieldReader reader(message);
  absl::string_view rest = message;
  for (wire::Field field; reader.Next(field); rest = reader.rest()) {
    const bool is_port = field.number == kPorts && field.type == WireType::kBytes;
    const bool is_number = field.number >= kFirstColumn && field.number <= kLastColumn &&
                           (field.type == WireType::kBytes || field.type == WireType::kVarint);
    if (!is_port && !is_number) return ParseError();
    if (is_port) {
      if (ports_.size() == limits::kLocationsMax) {
        return InvalidRequestError("chunk.columns.ports",
                                   absl::StrCat("more than ", limits::kLocationsMax, " ports"));
      }
      // Here, and not where ports are looked up: not all of them need be.
      if (!utf8::is_valid(field.bytes.begin(), field.bytes.end())) {
        return InvalidRequestError("chunk.columns.ports", "a text is not UTF-8");
      }
      ports_.push_back(field.bytes);
    } else if (!seen[field.number]) {
      seen[field.number] = true;
      columns_[field.number - kFirstColumn] = NumberColumn(field.number, rest);
    }
  }
  return reader.malformed() ? ParseError() : absl::OkStatus();
}

absl::StatusOr<RawColumns> ColumnForm::Read(int rows_max) {
  const int wanted = std::min(rows_max, kBlockRows);
  const std::array<int, 4> read = {columns_[0].Read(wanted, origins_.data(), FitsUint32),
                                   columns_[1].Read(wanted, destinations_.data(), FitsUint32),
                                   columns_[2].Read(wanted, day_numbers_.data(), FitsSint32),
                                   columns_[3].Read(wanted, prices_.data(), FitsInt64)};
  if (*std::min_element(read.begin(), read.end()) < 0) return ParseError();
  if (read[0] != read[1] || read[0] != read[2] || read[0] != read[3]) {
    return InvalidRequestError("chunk.columns", "the columns differ in length");
  }
  const auto rows = static_cast<size_t>(read[0]);
  const RawColumns block = {.first_row = rows_read_,
                            .ports = ports_,
                            .origins = {origins_.data(), rows},
                            .destinations = {destinations_.data(), rows},
                            .day_numbers = {day_numbers_.data(), rows},
                            .prices = {prices_.data(), rows}};
  rows_read_ += rows;
  return block;
}

// Why the message was refused: a second, slower pass that names the field.
absl::Status ColumnForm::ParseError() const {
  RETURN_IF_ERROR(rpc::CheckKnownFields(*v1::PriceColumns::descriptor(), message_));
  return InvalidRequestError("chunk.columns", "they hold a number that cannot be read");
}

}  // namespace fairway::ingest
