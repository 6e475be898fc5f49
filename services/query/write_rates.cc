#include "services/query/write_rates.h"

#include <google/rpc/status.pb.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fairway/v1/rate_query_service.pb.h"

#include "libs/base/check.h"
#include "libs/domain/limits.h"
#include "libs/rpc/status.h"
#include "libs/wire/field_writer.h"
#include "services/query/export_cursor.h"

namespace fairway::query {
namespace {

using Rate = v1::DailyRate;

// Its fields follow that of the average in the order of kReportedPercentiles.
constexpr uint32_t kFirstPercentileField = Rate::kMinFieldNumber;
static_assert(Rate::kMaxFieldNumber == kFirstPercentileField + kReportedPercentiles.size() - 1);
static_assert(Rate::kAverageFieldNumber + 1 == kFirstPercentileField);

constexpr size_t kDayFieldBytes = wire::BytesFieldBytes(Rate::kDayFieldNumber, DayTexts::kBytes);
constexpr size_t kAvailabilityFieldBytes =
    wire::VarintFieldBytes(Rate::kAvailabilityFieldNumber, v1::AVAILABILITY_NO_PRICES);
constexpr size_t kAverageFieldBytes = wire::Fixed64FieldBytes(Rate::kAverageFieldNumber);
constexpr size_t kPercentileFieldBytes = wire::Fixed64FieldBytes(Rate::kMaxFieldNumber);

uint64_t AvailabilityField(Availability availability) {
  switch (availability) {
    case Availability::kPublished:
      return v1::AVAILABILITY_PUBLISHED;
    case Availability::kTooFewPrices:
      return v1::AVAILABILITY_TOO_FEW_PRICES;
    case Availability::kNoPrices:
      break;
  }
  return v1::AVAILABILITY_NO_PRICES;
}

// A number without presence is left out when it is zero.
size_t NumberBytes(uint32_t field, int64_t number) {
  return number == 0 ? 0 : wire::VarintFieldBytes(field, static_cast<uint64_t>(number));
}
void AddNumber(uint32_t field, int64_t number, wire::FieldWriter& out) {
  if (number != 0) out.AddVarint(field, static_cast<uint64_t>(number));
}

size_t IdentityBytes(uint32_t field, uint64_t identity) {
  return identity == 0 ? 0 : wire::Fixed64FieldBytes(field);
}
void AddIdentity(uint32_t field, uint64_t identity, wire::FieldWriter& out) {
  if (identity != 0) out.AddFixed64(field, identity);
}

size_t TextBytes(uint32_t field, absl::string_view text) {
  return text.empty() ? 0 : wire::BytesFieldBytes(field, text.size());
}
void AddText(uint32_t field, absl::string_view text, wire::FieldWriter& out) {
  if (!text.empty()) out.AddBytes(field, text);
}

// The version that an answer was read at: fields that every answer has, by its own numbers.
template <typename Message>
size_t VersionBytes(const VersionId& version) {
  return NumberBytes(Message::kDatasetVersionFieldNumber, version.number) +
         IdentityBytes(Message::kDatasetVersionIdFieldNumber, version.identity);
}
// `add_between`: adds the fields whose numbers lie between those of these two.
template <typename Message, typename AddBetween>
void AddVersion(const VersionId& version, wire::FieldWriter& out, AddBetween add_between) {
  AddNumber(Message::kDatasetVersionFieldNumber, version.number, out);
  add_between();
  AddIdentity(Message::kDatasetVersionIdFieldNumber, version.identity, out);
}
template <typename Message>
void AddVersion(const VersionId& version, wire::FieldWriter& out) {
  AddVersion<Message>(version, out, [] {});
}

// The days of a lane: `repeated DailyRate` with the number `kField`. Borrows the answer.
template <uint32_t kField>
class RatesWriter {
 public:
  explicit RatesWriter(const LaneAnswer& answer)
      : answer_(answer),
        published_bytes_(kAverageFieldBytes + answer.statistics.count() * kPercentileFieldBytes) {
    for (const DailyRate& rate : answer.rates.days) {
      bytes_ +=
          wire::BytesFieldBytes(kField, BytesOf(rate, rate.availability(answer.min_price_count)));
    }
  }

  size_t bytes() const { return bytes_; }

  // Returns where the next field goes. By value: a reference would be read again for each byte.
  wire::FieldWriter Write(wire::FieldWriter out) const {
    const int64_t min_price_count = answer_.min_price_count;
    const bool with_percentiles = answer_.statistics.any();
    const DayTexts texts;
    const Percentiles* percentiles = answer_.rates.percentiles.data();
    for (const DailyRate& rate : answer_.rates.days) {
      const Availability availability = rate.availability(min_price_count);
      out.BeginMessage(kField, BytesOf(rate, availability));
      out.AddBytes(Rate::kDayFieldNumber, texts[rate.day]);
      AddNumber(Rate::kPriceCountFieldNumber, rate.price_count, out);
      out.AddVarint(Rate::kAvailabilityFieldNumber, AvailabilityField(availability));
      if (availability == Availability::kPublished) {
        out.AddDouble(Rate::kAverageFieldNumber, rate.average());
        if (with_percentiles) out = WritePercentiles(*percentiles, out);
      }
      if (with_percentiles) ++percentiles;
    }
    return out;
  }

 private:
  size_t BytesOf(const DailyRate& rate, Availability availability) const {
    return kDayFieldBytes + NumberBytes(Rate::kPriceCountFieldNumber, rate.price_count) +
           kAvailabilityFieldBytes +
           (availability == Availability::kPublished ? published_bytes_ : 0);
  }
  wire::FieldWriter WritePercentiles(const Percentiles& percentiles, wire::FieldWriter out) const {
    for (size_t i = 0; i < percentiles.size(); ++i) {
      if (!answer_.statistics[i]) continue;
      out.AddDouble(kFirstPercentileField + static_cast<uint32_t>(i), percentiles[i]);
    }
    return out;
  }

  const LaneAnswer& answer_;
  const size_t published_bytes_;  // What a day takes more when it is published.
  size_t bytes_ = 0;
};

// A lane of an answer that has several: `LaneRates`, with its rates or with a status. Borrows the
// answer and the texts.
class LaneWriter {
 public:
  LaneWriter(absl::string_view origin, absl::string_view destination, const LaneAnswer& answer)
      : origin_(origin), destination_(destination), rates_(answer) {}
  LaneWriter(absl::string_view origin, absl::string_view destination, const absl::Status& failure,
             absl::string_view request_id)
      : origin_(origin),
        destination_(destination),
        status_(rpc::ToRpcStatus(failure, request_id).SerializeAsString()) {}

  size_t bytes() const {
    return wire::BytesFieldBytes(v1::LaneRates::kLaneFieldNumber, LaneBytes()) +
           (rates_ ? rates_->bytes() : StatusBytes());
  }

  void Write(wire::FieldWriter& out) const {
    out.BeginMessage(v1::LaneRates::kLaneFieldNumber, LaneBytes());
    AddText(v1::Lane::kOriginFieldNumber, origin_, out);
    AddText(v1::Lane::kDestinationFieldNumber, destination_, out);
    if (rates_) {
      out = rates_->Write(out);
    } else {
      out.AddBytes(v1::LaneRates::kStatusFieldNumber, status_);
    }
  }

 private:
  size_t LaneBytes() const {
    return TextBytes(v1::Lane::kOriginFieldNumber, origin_) +
           TextBytes(v1::Lane::kDestinationFieldNumber, destination_);
  }
  size_t StatusBytes() const {
    return wire::BytesFieldBytes(v1::LaneRates::kStatusFieldNumber, status_.size());
  }

  const absl::string_view origin_;
  const absl::string_view destination_;
  std::optional<RatesWriter<v1::LaneRates::kRatesFieldNumber>> rates_;
  std::string status_;
};

size_t BytesOfLanes(uint32_t field, absl::Span<const LaneWriter> lanes) {
  size_t bytes = 0;
  for (const LaneWriter& lane : lanes) bytes += wire::BytesFieldBytes(field, lane.bytes());
  return bytes;
}

void WriteLanes(uint32_t field, absl::Span<const LaneWriter> lanes, wire::FieldWriter& out) {
  for (const LaneWriter& lane : lanes) {
    out.BeginMessage(field, lane.bytes());
    lane.Write(out);
  }
}

// What an export's message has behind its lanes, and what is left for these.
using Export = v1::ExportDailyRatesResponse;
constexpr size_t kExportEndBytesMax =
    wire::VarintFieldBytes(Export::kDatasetVersionFieldNumber, INT64_MAX) +
    wire::BytesFieldBytes(Export::kResumeTokenFieldNumber, kResumeTokenBytesMax) +
    wire::Fixed64FieldBytes(Export::kDatasetVersionIdFieldNumber);
constexpr size_t kExportLanesBytes = limits::kExportMessageBytes - kExportEndBytesMax;
// No lane that can be asked for takes more, so no message does.
static_assert(limits::kLaneBytesMax + limits::kQueryDaysMax * (limits::kRateBytesMax +
                                                               limits::kStatisticBytesMax *
                                                                   kReportedPercentiles.size()) <=
              kExportLanesBytes);

// A slice of `bytes`, all of which `write(FieldWriter&)` fills.
template <typename Write>
grpc::Slice WriteSlice(size_t bytes, Write write) {
  grpc::Slice slice(bytes);
  wire::FieldWriter out(const_cast<uint8_t*>(slice.begin()));
  write(out);
  FAIRWAY_CHECK(out.end() == slice.end());
  return slice;
}

}  // namespace

grpc::Slice WriteDailyRates(const LaneAnswer& answer) {
  using Message = v1::GetDailyRatesResponse;
  const VersionId& version = answer.rates.version;
  const RatesWriter<Message::kRatesFieldNumber> rates(answer);
  return WriteSlice(rates.bytes() + VersionBytes<Message>(version), [&](wire::FieldWriter& out) {
    out = rates.Write(out);
    AddVersion<Message>(version, out);
  });
}

grpc::Slice WriteRateBatch(const VersionId& version, absl::Span<const LaneText> lanes,
                           absl::Span<const absl::StatusOr<LaneAnswer>> answers,
                           absl::string_view request_id) {
  using Message = v1::BatchGetDailyRatesResponse;
  std::vector<LaneWriter> writers;
  writers.reserve(answers.size());
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto& [origin, destination] = lanes[i];
    if (answers[i].ok()) {
      writers.emplace_back(origin, destination, *answers[i]);
    } else {
      writers.emplace_back(origin, destination, answers[i].status(), request_id);
    }
  }
  const size_t bytes =
      BytesOfLanes(Message::kLanesFieldNumber, writers) + VersionBytes<Message>(version);
  return WriteSlice(bytes, [&](wire::FieldWriter& out) {
    WriteLanes(Message::kLanesFieldNumber, writers, out);
    AddVersion<Message>(version, out);
  });
}

bool ExportMessage::Add(const NamedLane& lane, const LaneAnswer& answer) {
  const LaneWriter writer(lane.origin.text(), lane.destination.text(), answer);
  const absl::Span<const LaneWriter> lanes(&writer, 1);
  const size_t bytes = BytesOfLanes(Export::kLanesFieldNumber, lanes);
  if (empty()) {
    slice_ = grpc::Slice(std::max(bytes, kExportLanesBytes) + kExportEndBytesMax);
  } else if (lanes_bytes_ + bytes > kExportLanesBytes) {
    return false;
  }
  wire::FieldWriter out(const_cast<uint8_t*>(slice_.begin()) + lanes_bytes_);
  WriteLanes(Export::kLanesFieldNumber, lanes, out);
  lanes_bytes_ += bytes;
  FAIRWAY_CHECK(out.end() == slice_.begin() + lanes_bytes_);
  return true;
}

grpc::Slice ExportMessage::Finish(const VersionId& version, absl::string_view resume_token) const {
  FAIRWAY_CHECK(!empty() && resume_token.size() <= kResumeTokenBytesMax);
  wire::FieldWriter out(const_cast<uint8_t*>(slice_.begin()) + lanes_bytes_);
  AddVersion<Export>(version, out,
                     [&] { AddText(Export::kResumeTokenFieldNumber, resume_token, out); });
  return slice_.sub(0, static_cast<size_t>(out.end() - slice_.begin()));
}

}  // namespace fairway::query
