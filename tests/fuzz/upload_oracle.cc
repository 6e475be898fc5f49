#include "tests/fuzz/upload_oracle.h"

#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <vector>

#include "fairway/v1/price_ingest_service.pb.h"

namespace fairway::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool HasUnknownFields(const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      if (HasUnknownFields(inner)) return true;
    }
  }
  return false;
}

bool AddColumns(const v1::PriceColumns& columns, Rows& rows) {
  const int count = columns.prices_size();
  if (columns.origins_size() != count || columns.destinations_size() != count ||
      columns.day_numbers_size() != count) {
    return false;
  }
  for (int i = 0; i < count; ++i) {
    const auto ports = static_cast<uint32_t>(columns.ports_size());
    if (columns.origins(i) >= ports || columns.destinations(i) >= ports) return false;
    const Day day = DayFromNumber(columns.day_numbers(i));
    if (!IsDayInRange(day)) return false;
    rows.emplace(columns.ports(static_cast<int>(columns.origins(i))),
                 columns.ports(static_cast<int>(columns.destinations(i))), FormatDay(day),
                 columns.prices(i));
  }
  return true;
}

// Whether a stream says where it ends, by an end or by what its header declares, and ends there.
class Whole {
 public:
  // False behind the end.
  bool Add(const v1::UploadBatchRequest& request) {
    if (ended_) return false;
    ended_ = request.has_end();
    const v1::BatchHeader& header = request.header();
    declared_ = declared_ || header.has_declared_row_count() || !header.declared_digest().empty();
    if (header.has_declared_row_count()) counts_.push_back(header.declared_row_count());
    if (request.end().has_row_count()) counts_.push_back(request.end().row_count());
    return true;
  }
  bool Is(int64_t row_count) const {
    return (ended_ || declared_) && std::all_of(counts_.begin(), counts_.end(),
                                                [&](int64_t count) { return count == row_count; });
  }

 private:
  bool ended_ = false;
  bool declared_ = false;
  std::vector<int64_t> counts_;
};

}  // namespace

std::optional<Rows> RowsOf(const Stream& stream) {
  Rows rows;
  Whole whole;
  for (const std::string& bytes : stream) {
    v1::UploadBatchRequest request;
    if (!request.ParseFromString(bytes) || HasUnknownFields(request)) return std::nullopt;
    if (!whole.Add(request)) return std::nullopt;
    const v1::PriceChunk& chunk = request.chunk();
    if (chunk.rejected_rows_size() > 0 || !AddColumns(chunk.columns(), rows)) return std::nullopt;
    for (const v1::Price& price : chunk.rows().prices()) {
      rows.emplace(price.origin(), price.destination(), price.day(), price.price());
    }
  }
  if (!whole.Is(static_cast<int64_t>(rows.size()))) return std::nullopt;
  return rows;
}

}  // namespace fairway::fuzz
