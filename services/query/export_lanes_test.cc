#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/limits.h"
#include "services/query/export_daily_rates.h"
#include "services/query/testing/small_world.h"

// Which lanes are in which part of an export, and what its tokens name.
namespace fairway::query {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// Lanes that have prices, as many as a test wants, between fifty ports.
class NumberedLanes final : public RateSnapshot, public RateReader {
 public:
  static constexpr int kPorts = 50;
  static constexpr VersionId kVersion = {7, 70};

  explicit NumberedLanes(int count) : count_(count) {
    std::vector<Port> ports;
    for (PortId id = 1; id <= kPorts; ++id) {
      ports.push_back({.id = id,
                       .code = *PortCode::Parse(absl::StrFormat("AA%03d", id)),
                       .name = "A port",
                       .parent = "world"});
    }
    locations_ = *LocationTree::Build({{"world", "World", std::nullopt}}, std::move(ports));
  }

  static Lane LaneOf(int number) { return {1 + number / kPorts, 1 + number % kPorts}; }
  static std::string NameOf(int number) {
    const Lane lane = LaneOf(number);
    return absl::StrFormat("AA%03d AA%03d", lane.origin, lane.destination);
  }
  // What was asked for.
  int pages() const { return pages_; }
  int reads() const { return reads_; }

  absl::StatusOr<std::shared_ptr<const RateSnapshot>> Snapshot(const Consistency&,
                                                               const Deadline&) override {
    return std::shared_ptr<const RateSnapshot>(std::shared_ptr<void>(), this);
  }
  absl::StatusOr<DatasetSummary> ReadDataset(const Deadline&) override { return DatasetSummary(); }

  const VersionId& version_id() const override { return kVersion; }
  const LocationTree& locations() const override { return locations_; }
  absl::StatusOr<DailyRates> ReadDailyRates(const RateQuery& query,
                                            const Deadline&) const override {
    ++reads_;
    return DailyRates{.version = kVersion, .days = EmptyDailyRates(query.days)};
  }
  absl::StatusOr<std::vector<Lane>> ListLanes(std::optional<Lane> after, int limit,
                                              const Deadline&) const override {
    ++pages_;
    std::vector<Lane> lanes;
    for (int i = 0; i < count_ && std::ssize(lanes) < limit; ++i) {
      if (!after || *after < LaneOf(i)) lanes.push_back(LaneOf(i));
    }
    return lanes;
  }

 private:
  const int count_;
  LocationTree locations_;
  mutable int pages_ = 0;
  mutable int reads_ = 0;
};

RateExportRequest RequestFor(std::vector<NamedLane> lanes = {}) {
  return {.lanes = std::move(lanes),
          .options = MakeOptions("2021-01-01", "2021-01-02"),
          .fingerprint = "a request"};
}

// The first lanes, by name.
std::vector<NamedLane> NamedLanes(int count) {
  std::vector<NamedLane> lanes;
  for (int i = 0; i < count; ++i) {
    const std::string name = NumberedLanes::NameOf(i);
    lanes.push_back(MakeLane(name.substr(0, 5), name.substr(6)));
  }
  return lanes;
}

// The next part, which has room for so many lanes.
std::vector<std::string> NextPart(RateExport& rate_export, size_t lanes_max) {
  std::vector<std::string> lanes;
  FAIRWAY_EXPECT_OK(rate_export.Next(Soon(), [&](const NamedLane& lane, const LaneAnswer& answer) {
    EXPECT_EQ(answer.rates.days.size(), 2);
    if (lanes.size() == lanes_max) return false;
    lanes.push_back(absl::StrCat(lane.origin.text(), " ", lane.destination.text()));
    return true;
  }));
  return lanes;
}

// Also behind a lane that was read for a part and found no room in it, and both by the export that
// made the token and by one that begins with it.
TEST(ExportLanesTest, EachTokenNamesTheLastLaneOfItsPart) {
  constexpr int kLanes = 9;
  for (const RateExportRequest& request : {RequestFor(), RequestFor(NamedLanes(kLanes))}) {
    for (int lanes_max = 1; lanes_max <= kLanes + 1; ++lanes_max) {
      NumberedLanes lanes(kLanes);
      RateExport rate_export(request, &lanes);
      for (int sent = 0; sent < kLanes;) {
        std::vector<std::string> expected;
        for (int i = 0; i < lanes_max && sent < kLanes; ++i) {
          expected.push_back(NumberedLanes::NameOf(sent++));
        }
        EXPECT_THAT(NextPart(rate_export, static_cast<size_t>(lanes_max)),
                    ElementsAreArray(expected));
        ExportCursor end = {.version = NumberedLanes::kVersion};
        if (request.lanes.empty()) {
          end.last_lane = NumberedLanes::LaneOf(sent - 1);
        } else {
          end.lanes_sent = static_cast<size_t>(sent);
        }
        EXPECT_THAT(ParseResumeToken("a request", rate_export.resume_token()),
                    testing::IsOkAndHolds(end));
      }
      EXPECT_THAT(NextPart(rate_export, 1), IsEmpty());
      EXPECT_EQ(lanes.reads(), kLanes) << "none twice";
    }
  }
}

TEST(ExportLanesTest, EveryLaneIsListedOnce) {
  constexpr int kPage = limits::kExportListedLanes;
  for (const int count : {0, 1, kPage - 1, kPage, kPage + 1, 2 * kPage, 2 * kPage + 1}) {
    NumberedLanes lanes(count);
    RateExport rate_export(RequestFor(), &lanes);
    int sent = 0;
    while (true) {
      const std::vector<std::string> part = NextPart(rate_export, 300);
      if (part.empty()) break;
      for (const std::string& name : part) EXPECT_EQ(name, NumberedLanes::NameOf(sent++));
    }
    EXPECT_EQ(sent, count);
    EXPECT_EQ(lanes.pages(), count / kPage + 1);
  }
}

TEST(ExportLanesTest, ItStopsBetweenTwoLanes) {
  for (const RateExportRequest& request : {RequestFor(), RequestFor(NamedLanes(3))}) {
    NumberedLanes lanes(3);
    RateExport rate_export(request, &lanes);
    std::stop_source stop;
    const Deadline deadline(absl::InfiniteFuture(), stop.get_token());
    const absl::Status status = rate_export.Next(
        deadline, [&](const NamedLane&, const LaneAnswer&) { return stop.request_stop(); });
    EXPECT_TRUE(absl::IsCancelled(status)) << status;
    EXPECT_EQ(lanes.reads(), 1);
  }
}

}  // namespace
}  // namespace fairway::query
