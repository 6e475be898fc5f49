#include "libs/observability/build_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fairway::observability {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;

TEST(BuildInfoMetricTest, IsOneWithItsLabels) {
  const std::vector<prometheus::MetricFamily> families = BuildInfoMetric()->Collect();
  ASSERT_THAT(families, SizeIs(1));
  EXPECT_EQ(families[0].name, "fairway_build_info");
  ASSERT_THAT(families[0].metric, SizeIs(1));
  EXPECT_EQ(families[0].metric[0].gauge.value, 1);
  using Label = prometheus::ClientMetric::Label;
  EXPECT_THAT(families[0].metric[0].label,
              ElementsAre(Field(&Label::name, "commit"), Field(&Label::name, "compiler"),
                          Field(&Label::name, "version")));
}

}  // namespace
}  // namespace fairway::observability
