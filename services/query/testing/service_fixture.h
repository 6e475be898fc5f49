#pragma once

#include <grpcpp/create_channel.h>

#include <atomic>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/rate_query_service.grpc.pb.h"
#include "gtest/gtest.h"

#include "libs/base/testing/fake_clock.h"
#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_rate_reader.h"
#include "libs/domain/error_details.h"
#include "libs/domain/testing/field_violations.h"
#include "libs/rpc/server/server.h"
#include "libs/rpc/status.h"
#include "libs/series/series_run_builder.h"
#include "libs/storage/testing/memory_stores.h"
#include "services/query/service.h"
#include "services/query/testing/outage.h"
#include "services/query/testing/small_world.h"

namespace fairway::query {

// The service behind a real server, with its client: a book over the memory stores, which hold the
// small world and a batch of prices (version 2). What the service waits for is up to the test: new
// versions are in the book after Commit(), and its watches are woken by the bell alone.
class QueryServiceFixture : public ::testing::Test {
 protected:
  // More than a test opens one after the other: a place is released shortly after the reply.
  static constexpr int kExportsMax = 8;
  static constexpr Day kDay = std::chrono::year(2021) / 1 / 1;

  QueryServiceFixture() {
    FAIRWAY_EXPECT_OK(stores_.locations().Import(SmallWorldLocations(), Soon()));
    // Three prices of the first day, two of the second, none of the third.
    Commit("batch-1", {{kDay, 100},
                       {kDay, 200},
                       {kDay, 600},
                       {kDay + std::chrono::days(1), 100},
                       {kDay + std::chrono::days(1), 300}});
    server_ = rpc::Server::Start({}, &service_, v1::RateQueryService::service_full_name()).value();
    stub_ = v1::RateQueryService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  // Streams that wait are not to hold the server up.
  ~QueryServiceFixture() override { bell_.Close(); }

  struct PriceOfDay {
    Day day;
    Price price;
  };
  // Stores a batch of prices from CNSHA and from CNGGZ to NLRTM; follows it by default.
  void Commit(const std::string& id, const std::vector<PriceOfDay>& prices, bool follow = true) {
    const auto tree = *stores_.locations().ReadTree(Soon());
    SeriesRunBuilder builder;
    for (const char* origin : {"CNSHA", "CNGGZ"}) {
      const Lane lane = {tree->FindPort(origin)->id, tree->FindPort("NLRTM")->id};
      for (const PriceOfDay& price : prices) builder.Add(lane, price.day, price.price);
    }
    SeriesRun run;
    builder.TakeInto(run);
    auto claim = stores_.batches().Claim({"acme", id}, "a label", Soon());
    FAIRWAY_ASSERT_OK(claim);
    FAIRWAY_ASSERT_OK(claim->writer->Append(run));
    FAIRWAY_ASSERT_OK(
        claim->writer->Commit({.row_count = static_cast<int64_t>(2 * prices.size()),
                               .lane_count = 2,
                               .days = DayRange{prices.front().day, prices.back().day}},
                              tree->version()));
    if (follow) Follow();
  }
  void Follow() {
    FAIRWAY_ASSERT_OK(follower_.CatchUp());
    bell_.Ring();
  }

  // For the days that have prices, and one that has none.
  static v1::GetDailyRatesRequest RatesRequest() {
    v1::GetDailyRatesRequest request;
    request.set_origin("CNSHA");
    request.set_destination("NLRTM");
    request.set_first_date("2021-01-01");
    request.set_last_date("2021-01-03");
    return request;
  }

  // Of a call that must end by itself.
  static std::unique_ptr<grpc::ClientContext> NewContext() {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(Soon()));
    return context;
  }
  // "7000" while the database is away or what is held is late; empty where a reply does not say.
  static std::string StalenessOf(const grpc::ClientContext& context) {
    const auto& trailers = context.GetServerTrailingMetadata();
    const auto staleness = trailers.find("x-fairway-staleness-ms");
    if (staleness == trailers.end()) return "";
    return {staleness->second.data(), staleness->second.size()};
  }
  // Until the service has seen so many calls of the method end with this code.
  void AwaitEnded(absl::string_view method, absl::string_view code, int calls) {
    const absl::Time give_up = Soon();
    while (Ended(method, code) < calls && absl::Now() < give_up)
      absl::SleepFor(absl::Milliseconds(1));
    EXPECT_EQ(Ended(method, code), calls) << method << " " << code;
  }

  testing::MemoryStores stores_;
  FakeClock clock_{absl::FromUnixSeconds(1'000'000)};  // Of watches.
  const SystemClock book_clock_;
  HeldBook held_{&book_clock_};
  BookFollower follower_{
      &stores_.source(),
      &held_,
      {},
      &book_clock_,
      {.published = [](const PriceBook&, absl::Duration) {}, .failed = [](const absl::Status&) {}}};
  BookRateReader book_rates_{&held_, &stores_.rates()};
  std::atomic<bool> is_away_ = false;
  std::atomic<bool> is_late_ = false;
  RatesWithOutage rates_{&book_rates_, &is_away_, &is_late_};
  LocationsWithOutage locations_{&stores_.locations(), &is_away_};
  CommitsWithOutage commits_{&stores_.commits(), &is_away_};

  observability::RpcMetrics rpc_metrics_;
  std::ostringstream log_;
  const observability::Logger logger_{"query", observability::LogLevel::kError, log_};
  rpc::Bell bell_{absl::Hours(1), &book_clock_};
  rpc::OpenStreams exports_{{.streams_max = kExportsMax,
                             .per_address_max = kExportsMax,
                             .per_connection_max = kExportsMax},
                            &book_clock_};
  rpc::OpenStreams watches_{{.streams_max = 100, .per_address_max = 100, .per_connection_max = 100},
                            &book_clock_};
  Executors executors_{4};
  // With all else that the service of this fixture has.
  QueryService::Dependencies DependenciesWith(RateReader* rates) {
    return {.rates = rates,
            .locations = &locations_,
            .commits = &commits_,
            .clock = &clock_,
            .executors = &executors_,
            .commit_bell = &bell_,
            .exports = &exports_,
            .watches = &watches_,
            .rpc_metrics = &rpc_metrics_,
            .logger = &logger_};
  }
  QueryService service_{DependenciesWith(&rates_)};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::RateQueryService::Stub> stub_;

 private:
  int Ended(absl::string_view method, absl::string_view code) const {
    for (const prometheus::MetricFamily& family : rpc_metrics_.Collect()) {
      if (family.name != "grpc_server_handled_total") continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        int matches = 0;
        for (const auto& label : metric.label) {
          matches += (label.name == "grpc_method" && label.value == method) ||
                     (label.name == "grpc_code" && label.value == code);
        }
        if (matches == 2) return static_cast<int>(metric.counter.value);
      }
    }
    return 0;
  }
};

}  // namespace fairway::query
