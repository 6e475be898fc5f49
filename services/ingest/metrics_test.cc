#include "services/ingest/metrics.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <future>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/clock.h"
#include "libs/base/testing/soon.h"
#include "libs/domain/errors.h"

namespace fairway::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

UploadReceipt ReceiptOf(int64_t rows, bool replayed) {
  UploadReceipt receipt = {.replayed = replayed};
  receipt.batch.content.row_count = rows;
  return receipt;
}

TEST(IngestMetricsTest, CountsUploadsByTheirOutcome) {
  prometheus::Registry registry;
  IngestMetrics metrics(registry);
  for (int i = 0; i < 2; ++i) metrics.UploadEnded(ReceiptOf(70, false));
  for (int i = 0; i < 3; ++i) metrics.UploadEnded(ReceiptOf(900, true));
  for (int i = 0; i < 4; ++i) metrics.UploadEnded(CancelledError());
  for (int i = 0; i < 5; ++i) metrics.UploadEnded(DrainingError());
  metrics.BatchesSwept(6);
  EXPECT_THAT(prometheus::TextSerializer().Serialize(registry.Collect()),
              AllOf(HasSubstr("fairway_batches_total{outcome=\"committed\"} 2\n"),
                    HasSubstr("fairway_batches_total{outcome=\"replayed\"} 3\n"),
                    HasSubstr("fairway_batches_total{outcome=\"cancelled\"} 4\n"),
                    HasSubstr("fairway_batches_total{outcome=\"failed\"} 5\n"),
                    HasSubstr("fairway_batches_total{outcome=\"swept\"} 6\n"),
                    HasSubstr("fairway_committed_prices_total 140\n")));
}

TEST(AdmissionMetricsTest, SaysHowManyPlacesAreTakenOfHowMany) {
  const SystemClock clock;
  UploadPlaces places({.places = 3}, &clock);
  const AdmissionMetrics metrics(&places, 3);
  std::promise<std::string> text;
  places.Enter({"acme", "ipv4:10.0.0.1"}, Soon(), [&](const absl::StatusOr<UploadPlaces::Place*>&) {
    text.set_value(prometheus::TextSerializer().Serialize(metrics.Collect()));
  });
  EXPECT_THAT(text.get_future().get(), AllOf(HasSubstr("fairway_uploads_in_flight 1\n"),
                                             HasSubstr("fairway_uploads_max 3\n")));
}

}  // namespace
}  // namespace fairway::ingest
