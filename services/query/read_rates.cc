#include "services/query/read_rates.h"

#include <google/protobuf/arena.h>
#include <grpcpp/support/slice.h>

#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/rpc/server/message_bytes.h"
#include "libs/wire/field_reader.h"
#include "services/query/parse_rates.h"

namespace fairway::query {
namespace {

using Plain = v1::GetDailyRatesRequest;

// What a field of a plain request may hold: protobuf cuts larger numbers.
bool ReadInt(uint64_t value, int32_t& number) {
  if (value > INT32_MAX) return false;
  number = static_cast<int32_t>(value);
  return true;
}

// The fields of a request for one lane, read in place.
class PlainRequest {
 public:
  // False where only protobuf can say what the bytes mean, or whether they mean anything: fields of
  // another type, twice, unknown, or the consistency.
  bool Read(absl::string_view bytes) {
    wire::FieldReader reader(bytes);
    wire::Field field;
    uint32_t seen = 0;
    while (reader.Next(field)) {
      if (field.number > kNumberMax || (seen >> field.number & 1) != 0) return false;
      seen |= uint32_t{1} << field.number;
      if (!ReadField(field)) return false;
    }
    return !reader.malformed();
  }

  RateFields fields() const {
    return {.origin = texts_[0],
            .destination = texts_[1],
            .first_date = texts_[2],
            .last_date = texts_[3],
            .min_price_count = min_price_count_,
            .statistics = absl::MakeConstSpan(statistics_).first(statistic_count_)};
  }

 private:
  static constexpr uint32_t kNumberMax = Plain::kStatisticsFieldNumber;
  static_assert(Plain::kOriginFieldNumber == 1 && Plain::kDestinationFieldNumber == 2 &&
                Plain::kFirstDateFieldNumber == 3 && Plain::kLastDateFieldNumber == 4);

  bool ReadField(const wire::Field& field) {
    switch (field.number) {
      case Plain::kMinPriceCountFieldNumber:
        return field.type == wire::WireType::kVarint && ReadInt(field.value, min_price_count_);
      case Plain::kStatisticsFieldNumber:
        return field.type == wire::WireType::kBytes && ReadStatistics(field.bytes);
      case Plain::kConsistencyFieldNumber:
        return false;
      default:
        texts_[field.number - 1] = field.bytes;
        return field.type == wire::WireType::kBytes;
    }
  }
  bool ReadStatistics(absl::string_view packed) {
    const char* next = packed.data();
    const char* const end = next + packed.size();
    for (; next != end; ++statistic_count_) {
      uint64_t value = 0;
      if (statistic_count_ == statistics_.size() || !wire::ReadVarint(next, end, value) ||
          !ReadInt(value, statistics_[statistic_count_])) {
        return false;
      }
    }
    return true;
  }

  std::array<absl::string_view, 4> texts_;
  int32_t min_price_count_ = 0;
  // Room for more than there are to ask for.
  std::array<int, 2 * kReportedPercentiles.size()> statistics_;
  size_t statistic_count_ = 0;
};

// The message that the bytes hold, on the arena.
template <typename Message>
absl::StatusOr<const Message*> ReadMessage(const grpc::ByteBuffer& bytes,
                                           absl::Span<const rpc::FieldBound> bounds,
                                           google::protobuf::Arena& arena) {
  auto* const message = google::protobuf::Arena::CreateMessage<Message>(&arena);
  RETURN_IF_ERROR(rpc::ParseMessage(bytes, bounds, *message));
  return message;
}

// A request that lists lanes; they are counted before they are parsed.
template <typename Request, typename Message>
absl::StatusOr<Request> ReadLaneList(const grpc::ByteBuffer& bytes, int lanes_max,
                                     absl::Status (*too_many)(int64_t lanes),
                                     absl::StatusOr<Request> (*parse)(const Message&)) {
  const rpc::FieldBound lanes = {Message::kLanesFieldNumber, lanes_max, too_many};
  google::protobuf::Arena arena;
  ASSIGN_OR_RETURN(const auto* message, ReadMessage<Message>(bytes, {lanes}, arena));
  return parse(*message);
}

absl::Status TooManyExportedLanes(int64_t lanes) {
  return InvalidRequestError(
      "lanes", absl::StrCat(lanes, " lanes; at most ", limits::kExportLanesMax, " in an export"));
}

}  // namespace

// Most requests are plain and valid. All others take the long way, which finds what is wrong.
absl::StatusOr<RateRequest> ReadRateRequest(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  PlainRequest plain;
  if (bytes.TrySingleSlice(&slice).ok() && plain.Read(rpc::ViewOf(slice))) {
    absl::StatusOr<RateRequest> request = ParseRateRequest(plain.fields());
    if (request.ok()) return request;
  }
  google::protobuf::Arena arena;
  ASSIGN_OR_RETURN(const auto* message, ReadMessage<v1::GetDailyRatesRequest>(bytes, {}, arena));
  return ParseRateRequest(*message);
}

absl::StatusOr<RateBatchRequest> ReadRateBatchRequest(const grpc::ByteBuffer& bytes) {
  return ReadLaneList(bytes, limits::kQueryLanesMax, TooManyLanesError, ParseRateBatchRequest);
}

absl::StatusOr<RateExportRequest> ReadRateExportRequest(const grpc::ByteBuffer& bytes) {
  return ReadLaneList(bytes, limits::kExportLanesMax, TooManyExportedLanes, ParseRateExportRequest);
}

}  // namespace fairway::query
