#include "services/cli/report_field.h"

#include "absl/strings/str_cat.h"

#include "libs/price_files/csv.h"
#include "services/cli/printable.h"

namespace fairway::cli {

std::string ReportField(absl::string_view text) {
  constexpr absl::string_view kFormulaStarts = "=+-@\t\r\n";
  const bool is_formula = !text.empty() && kFormulaStarts.find(text[0]) != absl::string_view::npos;
  const std::string printable = Printable(text);
  return price_files::CsvField(is_formula ? absl::StrCat("'", printable) : printable);
}

}  // namespace fairway::cli
