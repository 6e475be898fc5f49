#include "services/cli/rates_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "services/cli/shell/output.h"

namespace fairway::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr std::array<const char*, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

// The shortest text that parses to the same number.
std::string Shortest(double dollars) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), dollars, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

// Scales bars from the lowest average (a visible sliver) to the highest.
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
    const double fraction = high_ > low_ ? (average - low_) / (high_ - low_) : 1.0;
    const auto eighths = static_cast<size_t>(std::lround(1 + fraction * (kBarWidth * 8 - 1)));
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

struct Statistic {
  const char* title;
  double (v1::DailyRate::*value)() const;
};
constexpr std::array<Statistic, 7> kStatistics = {{{"MIN", &v1::DailyRate::min},
                                                   {"P10", &v1::DailyRate::p10},
                                                   {"P25", &v1::DailyRate::p25},
                                                   {"MEDIAN", &v1::DailyRate::median},
                                                   {"P75", &v1::DailyRate::p75},
                                                   {"P90", &v1::DailyRate::p90},
                                                   {"MAX", &v1::DailyRate::max}}};

// Whether statistics were requested: the response does not say so, but has them.
bool HasStatistics(const v1::GetDailyRatesResponse& response) {
  return std::any_of(response.rates().begin(), response.rates().end(),
                     [](const v1::DailyRate& rate) { return rate.has_min(); });
}

std::string FormatDollars(bool is_published, double dollars) {
  return is_published ? absl::StrFormat("%.2f", dollars) : "–";
}

}  // namespace

std::string FormatRatesTable(const v1::GetDailyRatesResponse& response) {
  const BarScale scale(response);
  const bool with_statistics = HasStatistics(response);
  std::vector<std::vector<std::string>> rows = {{"DAY", "AVERAGE", "PRICES"}};
  if (with_statistics) {
    for (const Statistic& statistic : kStatistics) rows[0].push_back(statistic.title);
  }
  rows[0].push_back("");
  for (const v1::DailyRate& rate : response.rates()) {
    std::vector<std::string>& row = rows.emplace_back();
    row = {rate.day(), FormatDollars(rate.has_average(), rate.average()),
           FormatCount(rate.price_count())};
    if (with_statistics) {
      for (const Statistic& statistic : kStatistics) {
        row.push_back(FormatDollars(rate.has_average(), (rate.*statistic.value)()));
      }
    }
    row.push_back(rate.has_average() ? scale.Bar(rate.average()) : NoteOf(rate));
  }
  return FormatTable(rows);
}

std::string FormatRatesCsv(const v1::GetDailyRatesResponse& response) {
  const bool with_statistics = HasStatistics(response);
  std::string csv = "day,average,price_count,availability";
  if (with_statistics) absl::StrAppend(&csv, ",min,p10,p25,median,p75,p90,max");
  csv += '\n';
  for (const v1::DailyRate& rate : response.rates()) {
    absl::StrAppend(&csv, rate.day(), ",", rate.has_average() ? Shortest(rate.average()) : "", ",",
                    rate.price_count(), ",", EnumName(rate.availability()));
    if (with_statistics) {
      for (const Statistic& statistic : kStatistics) {
        absl::StrAppend(&csv, ",", rate.has_average() ? Shortest((rate.*statistic.value)()) : "");
      }
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace fairway::cli
