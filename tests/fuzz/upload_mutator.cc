#include "tests/fuzz/upload_mutator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fairway/v1/price_ingest_service.pb.h"

namespace fairway::fuzz {
namespace {

constexpr std::array<const char*, 5> kPorts = {"AAAAA", "BBBBB", "CCCCC", "ZZZZZ", "\xC3\xA9"};
constexpr size_t kKnownPorts = 3;

// Bytes that mean something: unknown fields, empty parts, groups, numbers of ten bytes.
std::string Token(size_t index) {
  static const std::array<std::string, 12> tokens = {
      std::string("\x18\x01"),
      std::string("\x18\x01\xFF\xFF\xFF"),
      std::string("\x0A\x00", 2),
      std::string("\x12\x00", 2),
      std::string("\x1A\x00", 2),
      std::string("\xF8\x01\x01"),
      std::string("\x1B\x1C"),
      std::string("\x20\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
      std::string("\x1A\x02\x08\x03"),
      std::string("\x80"),
      std::string("\xCD"),
      std::string("\x12\x04\x0A\x02\x0A\x00", 6)};
  return tokens[index % tokens.size()];
}

}  // namespace

std::string UploadMutator::MakeChunk(int& rows) {
  v1::UploadBatchRequest request;
  v1::PriceChunk& chunk = *request.mutable_chunk();
  const bool as_rows = OneIn(2);
  const size_t ports = OneIn(20) ? kPorts.size() : kKnownPorts;
  const int count = static_cast<int>(Below(6));
  if (as_rows) chunk.mutable_rows();
  if (!as_rows) {
    for (const char* port : kPorts) chunk.mutable_columns()->add_ports(port);
  }
  for (int i = 0; i < count; ++i) {
    const int price = 1 + static_cast<int>(Below(300));
    if (as_rows) {
      v1::Price& row = *chunk.mutable_rows()->add_prices();
      row.set_origin(kPorts[Below(ports)]);
      row.set_destination(kPorts[Below(ports)]);
      row.set_day(absl::StrCat("2026-01-1", Below(10)));
      row.set_price(price);
    } else {
      v1::PriceColumns& columns = *chunk.mutable_columns();
      columns.add_origins(static_cast<uint32_t>(Below(ports)));
      columns.add_destinations(static_cast<uint32_t>(Below(ports)));
      columns.add_day_numbers(20'000 + static_cast<int>(Below(10)));
      columns.add_prices(price);
    }
  }
  rows += count;
  if (OneIn(20)) {
    ++rows;
    v1::RejectedRow& rejected = *chunk.add_rejected_rows();
    rejected.set_position(count);
    rejected.add_errors()->set_field("row");
    rejected.mutable_errors(0)->set_reason(v1::ROW_ERROR_REASON_MALFORMED_ROW);
  }
  return request.SerializeAsString();
}

Stream UploadMutator::MakeStream(const std::string& batch_id) {
  Stream stream(1);
  int rows = 0;
  for (size_t chunks = 1 + Below(4); chunks > 0; --chunks) stream.push_back(MakeChunk(rows));
  v1::UploadBatchRequest header;
  header.mutable_header()->set_partner("acme");
  header.mutable_header()->set_batch_id(batch_id);
  const bool declared = OneIn(3);
  if (declared) header.mutable_header()->set_declared_row_count(rows);
  stream[0] = header.SerializeAsString();
  if (declared && OneIn(2)) return stream;
  v1::UploadBatchRequest end;
  end.mutable_end();
  if (OneIn(2)) end.mutable_end()->set_row_count(rows);
  stream.push_back(end.SerializeAsString());
  return stream;
}

Stream UploadMutator::Mutate(Stream stream) {
  for (size_t changes = Below(4); changes > 0 && !stream.empty(); --changes) {
    switch (Below(4)) {
      case 0:
        stream = MutateFrames(stream);
        break;
      case 1:
        MutateMessages(stream);
        break;
      default:
        MutateBytes(stream[Below(stream.size())]);
    }
  }
  return stream;
}

Stream UploadMutator::MutateFrames(const Stream& stream) {
  std::string bytes = Frame(stream);
  if (OneIn(2)) {
    bytes.resize(Below(bytes.size() + 1));
  } else {
    MutateBytes(bytes);
  }
  return Unframe(bytes);
}

void UploadMutator::MutateMessages(Stream& stream) {
  const size_t a = Below(stream.size());
  const size_t b = Below(stream.size());
  switch (Below(7)) {
    case 0:
      stream.erase(stream.begin() + static_cast<ptrdiff_t>(a));
      break;
    case 1:
      stream.insert(stream.begin() + static_cast<ptrdiff_t>(a), std::string(stream[b]));
      break;
    case 2:
      std::swap(stream[a], stream[b]);
      break;
    case 3:
      stream.resize(a);
      break;
    case 4:
      stream[a] += std::string(stream[b]);
      break;
    case 5:
      stream.insert(stream.begin() + static_cast<ptrdiff_t>(a), Token(random_()));
      break;
    default: {
      const size_t cut = Below(stream[a].size() + 1);
      std::string rest = stream[a].substr(cut);
      stream[a].resize(cut);
      stream.insert(stream.begin() + static_cast<ptrdiff_t>(a) + 1, std::move(rest));
    }
  }
}

void UploadMutator::MutateBytes(std::string& bytes) {
  const size_t at = Below(bytes.size() + 1);
  switch (Below(7)) {
    case 0:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = static_cast<char>(random_());
      break;
    case 2:
      bytes.insert(at, 1, static_cast<char>(random_()));
      break;
    case 3:
      bytes.erase(at, 1 + Below(4));
      break;
    case 4:
      bytes.resize(at);
      break;
    case 5:
      bytes.insert(at, Token(random_()));
      break;
    default:
      bytes.insert(at, bytes.substr(at, Below(bytes.size() - at + 1)));
  }
}

}  // namespace fairway::fuzz
