// A catalogue's files checked to the end: every row that cannot stay is named with file, line and
// reason and put aside, the rest is made into a Catalogue. For looking before loading; a service
// takes a catalogue only when nothing was put aside (catalogue_files.h).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::catalogue {

struct Finding {
  std::string file;
  std::size_t line = 0;
  bool refused = false;  // else the row is taken, and doubtful
  std::string kind;      // domain/catalogue/check.h, namespace kind
  std::string code;      // of the unit or procedure, where the row says one
  std::string reason;
  std::string record;  // the row as it was read, as CSV; empty where it is not of a CSV
};

// How many rows of a table there were, and how many of them were put aside.
struct TableCount {
  std::string file;
  std::size_t read = 0;
  std::size_t refused = 0;
};

struct CheckedCatalogue {
  std::shared_ptr<const Catalogue> catalogue;  // of what was taken; null when that makes none
  std::vector<Finding> findings;
  std::vector<TableCount> tables;

  std::size_t refused() const;  // rows, and files of rules or days, that were put aside
};

// FILE_UNREADABLE when a file that must be there is missing.
Result<CheckedCatalogue> CheckCatalogue(std::span<const CatalogueFile> files);

// Files that are held in memory: path and text.
class CatalogueTexts {
 public:
  void Put(std::string path, std::string text);  // replaces the one of this path
  // As long as this object lives and is not changed.
  std::vector<CatalogueFile> files() const;

 private:
  std::vector<std::pair<std::string, std::string>> texts_;
};

// The files of a catalogue that is built in (empty: of Hạ Long), or else those of a folder.
Result<CatalogueTexts> ReadCatalogue(const std::string& name);
// The files of a folder that belong to a catalogue.
Result<CatalogueTexts> ReadCatalogueFolder(const std::filesystem::path& folder);
// One file that is to go into the catalogue that `present` is; which table it is follows from its
// name or else its columns. A list of national sheets (columns level, term_text) is added to the
// procedures. FILE_INVALID when it is no part of a catalogue.
Status PutCatalogueFile(const std::filesystem::path& file, CatalogueTexts& present);

}  // namespace motcua::catalogue
