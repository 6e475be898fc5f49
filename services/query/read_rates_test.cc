#include "services/query/read_rates.h"

#include <grpcpp/support/slice.h>

#include <random>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "fairway/v1/rate_query_service.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/domain/error_details.h"
#include "libs/domain/error_reason.h"
#include "libs/rpc/server/message_bytes.h"
#include "services/query/parse_rates.h"

namespace fairway::query {
namespace {

// In several slices, as gRPC may hand them over.
grpc::ByteBuffer BufferOf(absl::string_view bytes, size_t slice_bytes = SIZE_MAX) {
  std::vector<grpc::Slice> slices;
  do {
    const absl::string_view part = bytes.substr(0, slice_bytes);
    slices.emplace_back(part.data(), part.size());
    bytes.remove_prefix(part.size());
  } while (!bytes.empty());
  return grpc::ByteBuffer(slices.data(), slices.size());
}

std::string Describe(const absl::StatusOr<RateRequest>& request) {
  if (!request.ok()) return std::string(request.status().message());
  const RateOptions& options = request->options;
  return absl::StrCat(request->lane.origin.text(), " ", request->lane.destination.text(), " ",
                      FormatDay(options.days.first), " ", FormatDay(options.days.last), " ",
                      options.min_price_count, " ", options.statistics.to_string(), " ",
                      request->consistency.index());
}

// What protobuf and ParseRateRequest() make of it.
std::string Expected(absl::string_view bytes) {
  v1::GetDailyRatesRequest message;
  const absl::Status read = rpc::ParseMessage(BufferOf(bytes), {}, message);
  return Describe(read.ok() ? ParseRateRequest(message) : absl::StatusOr<RateRequest>(read));
}

v1::GetDailyRatesRequest Request() {
  v1::GetDailyRatesRequest request;
  request.set_origin("CNSHA");
  request.set_destination("north_europe_main");
  request.set_first_date("2021-01-01");
  request.set_last_date("2021-01-31");
  return request;
}

TEST(ReadRatesTest, ReadsAPlainRequest) {
  v1::GetDailyRatesRequest request = Request();
  EXPECT_EQ(Describe(ReadRateRequest(BufferOf(request.SerializeAsString()))),
            "CNSHA north_europe_main 2021-01-01 2021-01-31 3 0000000 0");
  request.set_min_price_count(70'000);
  request.add_statistics(v1::RATE_STATISTIC_MIN);
  request.add_statistics(v1::RATE_STATISTIC_MEDIAN);
  EXPECT_EQ(Describe(ReadRateRequest(BufferOf(request.SerializeAsString()))),
            "CNSHA north_europe_main 2021-01-01 2021-01-31 70000 0001001 0");
}

TEST(ReadRatesTest, ReadsWhatIsNotPlain) {
  v1::GetDailyRatesRequest request = Request();
  request.mutable_consistency()->set_at_least(7);
  FAIRWAY_ASSERT_OK_AND_ASSIGN(const RateRequest at_least,
                               ReadRateRequest(BufferOf(request.SerializeAsString())));
  EXPECT_EQ(std::get<AtLeast>(at_least.consistency).version.number, 7);
  request.clear_consistency();
  for (int i = 0; i < 100; ++i) request.add_statistics(v1::RATE_STATISTIC_MAX);
  const std::string plain = request.SerializeAsString();
  EXPECT_EQ(Describe(ReadRateRequest(BufferOf(plain, 7))), Expected(plain)) << "in slices";
  for (const absl::string_view more : {"\x0A\x05NLRTM", "\x28\x05\x28\x06", "\x40\x01",
                                       "\x38\x02\x38\x03", "\x38\x01\x3A\x02\x02\x03"}) {
    const std::string bytes = absl::StrCat(Request().SerializeAsString(), more);
    FAIRWAY_EXPECT_OK(ReadRateRequest(BufferOf(bytes)));
    EXPECT_EQ(Describe(ReadRateRequest(BufferOf(bytes))), Expected(bytes));
  }
}

TEST(ReadRatesTest, ReportsEveryFieldThatIsWrong) {
  v1::GetDailyRatesRequest request = Request();
  request.set_origin("?");
  request.set_last_date("2021-02-30");
  request.add_statistics(v1::RATE_STATISTIC_UNSPECIFIED);
  const std::string bytes = request.SerializeAsString();
  EXPECT_EQ(Describe(ReadRateRequest(BufferOf(bytes))), Expected(bytes));
  EXPECT_EQ(ReasonOf(ReadRateRequest(BufferOf(bytes)).status()), reasons::kInvalidLocation);
  EXPECT_EQ(ReasonOf(ReadRateRequest(BufferOf("\x0A\x05"
                                              "abc"))
                         .status()),
            reasons::kInvalidRequest);
}

// Whatever the bytes: what protobuf makes of them.
TEST(ReadRatesTest, AgreesWithProtobufOnAnyBytes) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random);
  };
  v1::GetDailyRatesRequest request = Request();
  request.set_min_price_count(5);
  request.add_statistics(v1::RATE_STATISTIC_P90);
  const std::string plain = request.SerializeAsString();
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = plain;
    for (size_t i = below(3); i > 0; --i) {
      bytes[below(bytes.size())] = static_cast<char>(below(256));
    }
    if (below(4) == 0) bytes.resize(below(bytes.size()));
    if (below(4) == 0) bytes += plain.substr(below(plain.size()), below(20));
    ASSERT_EQ(Describe(ReadRateRequest(BufferOf(bytes))), Expected(bytes))
        << absl::BytesToHexString(bytes);
  }
}

TEST(ReadRatesTest, TooManyLanesAreRefusedBeforeTheyAreParsed) {
  v1::BatchGetDailyRatesRequest batch;
  v1::ExportDailyRatesRequest rate_export;
  for (int i = 0; i <= 10'000; ++i) {
    rate_export.add_lanes();
    if (i <= 100) batch.add_lanes();
  }
  EXPECT_EQ(ReasonOf(ReadRateBatchRequest(BufferOf(batch.SerializeAsString())).status()),
            reasons::kTooManyLanes);
  EXPECT_EQ(ReasonOf(ReadRateExportRequest(BufferOf(rate_export.SerializeAsString())).status()),
            reasons::kInvalidRequest);
}

}  // namespace
}  // namespace fairway::query
