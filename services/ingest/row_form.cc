#include "services/ingest/row_form.h"

#include <array>

#include "fairway/v1/batch.pb.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/rpc/server/known_fields.h"

namespace fairway::ingest {
namespace {

using wire::WireType;

constexpr uint32_t kFieldsOfPrice = v1::Price::kPriceFieldNumber;
static_assert(v1::Price::kOriginFieldNumber == 1 && v1::Price::kDestinationFieldNumber == 2 &&
              v1::Price::kDayFieldNumber == 3 && v1::Price::kPriceFieldNumber == 4);

// False unless `message` is exactly a Price.
bool ReadPrice(absl::string_view message, RawPrice& price) {
  std::array<absl::string_view, kFieldsOfPrice> texts;
  uint64_t number = 0;
  uint32_t seen = 0;
  wire::FieldReader reader(message);
  wire::Field field;
  while (reader.Next(field)) {
    if (field.number > kFieldsOfPrice) return false;
    const uint32_t bit = uint32_t{1} << field.number;
    const bool is_text = field.number < kFieldsOfPrice;
    if ((seen & bit) != 0 || field.type != (is_text ? WireType::kBytes : WireType::kVarint)) {
      return false;
    }
    seen |= bit;
    if (is_text) {
      texts[field.number] = field.bytes;
    } else {
      number = field.value;
    }
  }
  price = {texts[v1::Price::kOriginFieldNumber], texts[v1::Price::kDestinationFieldNumber],
           texts[v1::Price::kDayFieldNumber], static_cast<int64_t>(number)};
  return !reader.malformed();
}

// Why `message` was refused: a second, slower pass that names the field.
absl::Status ParseError(absl::string_view message) {
  RETURN_IF_ERROR(rpc::CheckKnownFields(*v1::PriceRows::descriptor(), message));
  return InvalidRequestError("chunk.rows", "they cannot be parsed");
}

}  // namespace

absl::Status RowForm::Read(size_t rows_max, std::vector<RawPrice>& rows) {
  rows.clear();
  wire::Field field;
  while (rows.size() < rows_max && reader_.Next(field)) {
    RawPrice& row = rows.emplace_back();
    if (field.number != v1::PriceRows::kPricesFieldNumber || field.type != WireType::kBytes ||
        !ReadPrice(field.bytes, row)) {
      return ParseError(message_);
    }
  }
  return reader_.malformed() ? ParseError(message_) : absl::OkStatus();
}

}  // namespace fairway::ingest
