#include "services/cli/rates_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/cli/output.h"

namespace fairway::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr std::array<const char*, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

// From the lowest average (a sliver, so that it shows) to the highest.
class BarScale {
 public:
  explicit BarScale(const v1::GetDailyRatesResponse& response) {
    for (const v1::DailyRate& rate : response.rates()) {
      if (!rate.has_average()) continue;
      low_ = std::min(low_, rate.average());
      high_ = std::max(high_, rate.average());
    }
  }

  std::string Bar(double average) const {
    const double part = high_ > low_ ? (average - low_) / (high_ - low_) : 1.0;
    const auto eighths = static_cast<size_t>(std::lround(1 + part * (kBarWidth * 8 - 1)));
    std::string bar;
    for (size_t i = 0; i < eighths / 8; ++i) absl::StrAppend(&bar, "█");
    return absl::StrCat(bar, kEighths[eighths % 8]);
  }

 private:
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

std::string NoteOf(const v1::DailyRate& rate) {
  if (rate.availability() == v1::AVAILABILITY_TOO_FEW_PRICES) return "too few prices";
  return "no prices";
}

// "PUBLISHED"
std::string NameOf(v1::Availability availability) {
  constexpr size_t kPrefix = sizeof("AVAILABILITY_") - 1;
  return v1::Availability_Name(availability).substr(kPrefix);
}

}  // namespace

std::string FormatRatesTable(const v1::GetDailyRatesResponse& response) {
  const BarScale scale(response);
  std::vector<std::vector<std::string>> rows = {{"DAY", "AVERAGE", "PRICES", ""}};
  for (const v1::DailyRate& rate : response.rates()) {
    rows.push_back({rate.day(), rate.has_average() ? absl::StrFormat("%.2f", rate.average()) : "–",
                    FormatCount(rate.price_count()),
                    rate.has_average() ? scale.Bar(rate.average()) : NoteOf(rate)});
  }
  return FormatTable(rows);
}

std::string FormatRatesCsv(const v1::GetDailyRatesResponse& response) {
  std::string csv = "day,average,price_count,availability\n";
  for (const v1::DailyRate& rate : response.rates()) {
    absl::StrAppend(&csv, rate.day(), ",",
                    rate.has_average() ? absl::StrFormat("%.17g", rate.average()) : "", ",",
                    rate.price_count(), ",", NameOf(rate.availability()), "\n");
  }
  return csv;
}

}  // namespace fairway::cli
