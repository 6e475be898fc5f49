#include <CLI/CLI.hpp>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/base/status_macros.h"
#include "libs/price_files/location_file.h"
#include "libs/price_files/price_generator.h"
#include "libs/rpc/status.h"
#include "services/cli/transfer/chunk_writer.h"

// Uploads the prices `fairway generate` makes, as often as asked, each time as a new batch.
// All messages are made before the clock starts, so what is measured is the service and the way to
// it, and they are sent when a line comes in. Prints "ready", then one line of JSON per upload.
namespace fairway::bench {
namespace {

struct Options {
  std::string address;
  std::string locations;
  std::string partner = "bench";
  std::string batch_id;
  bool rows = false;
  int uploads = 1;
  price_files::GeneratorOptions generator;
};

using Messages = std::vector<grpc::ByteBuffer>;

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

void AddRow(const price_files::PriceText& price, v1::PriceRows& rows) {
  v1::Price* row = rows.add_prices();
  row->set_origin(price.origin.data(), price.origin.size());
  row->set_destination(price.destination.data(), price.destination.size());
  row->set_day(price.day.data(), price.day.size());
  row->set_price(price.price);
}

// The chunks of a batch, in the form that is wanted.
class ChunkMaker {
 public:
  explicit ChunkMaker(bool rows) : rows_(rows) {}

  void Add(const price_files::PriceText& price) {
    ++price_count_;
    if (rows_) {
      AddRow(price, *request_.mutable_chunk()->mutable_rows());
    } else {
      writer_.Add(price);
    }
    if (price_count_ % cli::ChunkWriter::kRowsMax == 0) Flush();
  }

  // With the end behind them.
  Messages Take() {
    Flush();
    request_.mutable_end()->set_row_count(price_count_);
    messages_.push_back(Serialize(request_));
    return std::move(messages_);
  }
  int64_t price_count() const { return price_count_; }

 private:
  void Flush() {
    if (!rows_) writer_.TakeInto(*request_.mutable_chunk());
    messages_.push_back(Serialize(request_));
    request_.Clear();
  }

  const bool rows_;
  int64_t price_count_ = 0;
  cli::ChunkWriter writer_;
  v1::UploadBatchRequest request_;
  Messages messages_;
};

absl::StatusOr<ChunkMaker> MakeChunks(const Options& options) {
  ASSIGN_OR_RETURN(const auto locations, price_files::ReadLocationFile(options.locations));
  std::vector<std::string> ports;
  for (const price_files::LocationText& port : locations.ports) ports.push_back(port.code);
  ASSIGN_OR_RETURN(const auto generator,
                   price_files::PriceGenerator::Create(options.generator, std::move(ports)));
  ChunkMaker chunks(options.rows);
  RETURN_IF_ERROR(generator.Generate([&](const price_files::PriceText& price) {
    chunks.Add(price);
    return absl::OkStatus();
  }));
  return chunks;
}

// One call over the generic stub, which sends bytes as they are.
class Upload {
 public:
  absl::Status Run(grpc::GenericStub& stub, const grpc::ByteBuffer& header, const Messages& chunks,
                   v1::UploadBatchResponse& response) {
    call_ = stub.PrepareCall(&context_, "/fairway.v1.PriceIngestService/UploadBatch", &queue_);
    call_->StartCall(this);
    bool going = Await();
    going = going && Write(header);
    for (const grpc::ByteBuffer& chunk : chunks) going = going && Write(chunk);
    if (going) {
      call_->WritesDone(this);
      Await();
    }
    grpc::ByteBuffer reply;
    call_->Read(&reply, this);
    const bool replied = Await();
    grpc::Status status;
    call_->Finish(&status, this);
    Await();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    grpc::Slice slice;
    if (!replied || !reply.DumpToSingleSlice(&slice).ok() ||
        !response.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
      return absl::InternalError("no receipt");
    }
    return absl::OkStatus();
  }

 private:
  bool Write(const grpc::ByteBuffer& message) {
    call_->Write(message, this);
    return Await();
  }
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(ChunkMaker maker, MakeChunks(options));
  const int64_t price_count = maker.price_count();
  const Messages chunks = maker.Take();
  grpc::GenericStub stub(grpc::CreateChannel(options.address, grpc::InsecureChannelCredentials()));
  std::cout << "ready" << std::endl;
  std::string line;
  if (!std::getline(std::cin, line)) return absl::CancelledError("nobody said when");
  for (int i = 0; i < options.uploads; ++i) {
    v1::UploadBatchRequest request;
    request.mutable_header()->set_partner(options.partner);
    request.mutable_header()->set_batch_id(absl::StrCat(options.batch_id, "-", i));
    v1::UploadBatchResponse response;
    const absl::Time begin = absl::Now();
    RETURN_IF_ERROR(Upload().Run(stub, Serialize(request), chunks, response));
    std::cout << "{\"begin\": " << std::fixed << absl::ToUnixMicros(begin) / 1e6
              << ", \"seconds\": " << absl::ToDoubleSeconds(absl::Now() - begin)
              << ", \"prices\": " << price_count
              << ", \"version\": " << response.batch().committed_version() << "}" << std::endl;
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app("Uploads generated prices and reports how long each upload took.");
  Options options;
  app.add_option("address", options.address)->required();
  app.add_option("--locations", options.locations)->required();
  app.add_option("--batch-id", options.batch_id, "A number is added")->required();
  app.add_option("--partner", options.partner);
  app.add_flag("--rows", options.rows, "Row messages instead of columns");
  app.add_option("--uploads", options.uploads);
  app.add_option("--lanes", options.generator.lanes);
  app.add_option("--days", options.generator.days);
  app.add_option("--prices-per-day", options.generator.prices_per_day);
  app.add_option("--seed", options.generator.seed);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}

}  // namespace
}  // namespace fairway::bench

int main(int argc, char** argv) { return fairway::bench::Main(argc, argv); }
