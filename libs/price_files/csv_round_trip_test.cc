#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "libs/base/testing/status_matchers.h"
#include "libs/price_files/csv_price_source.h"
#include "libs/price_files/testing/block_source.h"
#include "libs/price_files/testing/compress.h"

// The same prices in any form of CSV are read as the same prices, on the same lines.
namespace fairway::price_files {
namespace {

using ::fairway::testing::IsOkAndHolds;

struct WrittenRow {
  int64_t line;
  std::string origin, destination, day, note;
  int64_t price;
};

// Writes rows in a random form that some program may produce.
class AnyWriter {
 public:
  explicit AnyWriter(unsigned seed)
      : random_(seed), separator_(",;\t|"[Below(4)]), line_end_(OneIn(2) ? "\n" : "\r\n") {
    std::shuffle(order_.begin(), order_.end(), random_);
    if (OneIn(3)) Append("\xef\xbb\xbf");
    if (OneIn(4)) AppendLine(absl::StrCat(OneIn(2) ? "sep=" : "SEP=", std::string(1, separator_)));
    if (OneIn(4)) AppendLine("");
    std::vector<std::string> names = {"origin", "Destination", "DAY", "price", "note"};
    AppendFields(names);
    const int rows = 1 + Below(40);
    for (int i = 0; i < rows; ++i) AddRow();
    if (OneIn(4)) text_.resize(text_.size() - std::string(line_end_).size());
    if (OneIn(4)) Append("\x1a");
  }

  const std::vector<WrittenRow>& rows() const { return rows_; }
  const std::string& text() const { return text_; }

  // Compressed in one of the forms that programs produce.
  std::string Packed() {
    const size_t half = text_.size() / 2;
    const absl::string_view first = absl::string_view(text_).substr(0, half);
    const absl::string_view second = absl::string_view(text_).substr(half);
    const std::string zeros(Below(3) * 512, '\0');
    switch (Below(5)) {
      case 0:
        return absl::StrCat(Gzip(text_), zeros);
      case 1:
        return absl::StrCat(Gzip(first), Gzip(second), zeros);
      case 2:
        return absl::StrCat(Zstd(first), SkippableFrame("x"), Zstd(second), zeros);
      case 3:
        return absl::StrCat(SkippableFrame("size"), Zstd(text_));
      default:
        return text_;
    }
  }
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

 private:
  bool OneIn(int n) { return Below(n) == 0; }
  void Append(const std::string& text) {
    text_ += text;
    line_ += std::count(text.begin(), text.end(), '\n');
  }
  void AppendLine(const std::string& text) { Append(text + line_end_); }

  void AddRow() {
    while (OneIn(8)) AppendLine(OneIn(2) ? "" : std::string(4, separator_));
    const std::vector<std::string> notes = {"",      "x",        " a b ", "a,b;c|d\te",
                                            "\"q\"", "one\ntwo", "a\r\n", "Köln"};
    rows_.push_back({.line = line_,
                     .origin = absl::StrCat("CN", 100 + Below(900)),
                     .destination = absl::StrCat("NL", 100 + Below(900)),
                     .day = absl::StrCat("2026-01-", 10 + Below(20)),
                     .note = notes[Below(static_cast<int>(notes.size()))],
                     .price = 1 + Below(2'000'000)});
    const WrittenRow& row = rows_.back();
    AppendFields({row.origin, row.destination, row.day, Dollars(row.price), row.note});
  }

  std::string Dollars(int64_t price) {
    std::string text = absl::StrCat(price);
    if (separator_ == ',' && OneIn(3)) {
      for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<size_t>(at), ",");
      }
    }
    if (OneIn(3)) text += OneIn(2) ? ".00" : ".0";
    return text;
  }

  void AppendFields(const std::vector<std::string>& fields) {
    std::vector<std::string> written;
    for (const size_t i : order_) written.push_back(Quoted(fields[i]));
    if (OneIn(4)) written.emplace_back();
    AppendLine(absl::StrJoin(written, std::string(1, separator_)));
  }
  std::string Quoted(const std::string& field) {
    const bool must = field.find_first_of(" \",;|\t\r\n") != std::string::npos;
    if (!must && !OneIn(4)) return OneIn(8) ? absl::StrCat(" ", field, " ") : field;
    return absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
  }

  std::mt19937 random_;
  const char separator_;
  const char* const line_end_;
  std::vector<size_t> order_ = {0, 1, 2, 3, 4};
  std::vector<WrittenRow> rows_;
  std::string text_;
  int64_t line_ = 1;
};

TEST(CsvRoundTripTest, ReadsWhatWasWritten) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    AnyWriter writer(seed);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", absl::CHexEscape(writer.text())));
    const std::string packed = writer.Packed();
    const auto block = static_cast<size_t>(1 + writer.Below(300));
    const auto source = CsvPriceSource::Read(std::make_unique<BlockSource>(packed, block));
    FAIRWAY_ASSERT_OK(source);
    PriceText price;
    for (const WrittenRow& row : writer.rows()) {
      ASSERT_THAT((*source)->Next(price), IsOkAndHolds(true));
      ASSERT_TRUE(price.errors.empty());
      ASSERT_EQ(price.origin, row.origin);
      ASSERT_EQ(price.destination, row.destination);
      ASSERT_EQ(price.day, row.day);
      ASSERT_EQ(price.price, row.price);
    }
    ASSERT_THAT((*source)->Next(price), IsOkAndHolds(false));
    for (size_t i = 0; i < writer.rows().size(); ++i) {
      ASSERT_EQ((*source)->LineOfRow(static_cast<int64_t>(i)), writer.rows()[i].line);
    }
  }
}

// No line is skipped silently, whatever it holds.
TEST(CsvRoundTripTest, DamagedLinesAreStillRows) {
  std::mt19937 random(7);
  const std::string characters = "A1,;\"\r\x1a\t \xff-.";
  for (int round = 0; round < 2'000; ++round) {
    std::string file = "origin,destination,day,price\n";
    size_t rows = 0;
    for (int line = 0; line < 5; ++line) {
      std::string text;
      const auto size = random() % 12;
      for (size_t i = 0; i < size; ++i) text.push_back(characters[random() % characters.size()]);
      const bool quoted = text.find('"') != std::string::npos;
      text = absl::StrReplaceAll(text, {{"\"", ""}});
      rows += text.find_first_not_of(quoted ? "" : ",\r\t ") != std::string::npos ? 1 : 0;
      absl::StrAppend(&file, quoted ? absl::StrCat("\"", text, "\"") : text, "\n");
    }
    absl::StrAppend(&file, "A,B,C,5\n");
    SCOPED_TRACE(absl::CHexEscape(file));
    const auto source = CsvPriceSource::Read(std::make_unique<BlockSource>(file, 64));
    FAIRWAY_ASSERT_OK(source);
    PriceText price;
    size_t read = 0;
    while (true) {
      const absl::StatusOr<bool> more = (*source)->Next(price);
      FAIRWAY_ASSERT_OK(more);
      if (!*more) break;
      ++read;
    }
    ASSERT_EQ(read, rows + 1);
    ASSERT_EQ(price.price, 5);
  }
}

}  // namespace
}  // namespace fairway::price_files
