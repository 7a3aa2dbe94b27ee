using System.Text.Json;
using Bifrost.PriceTool;

if (args.Length != 4)
{
    Console.Error.WriteLine(
        """
        Writes the price catalogue from the genai-prices data set and our own price books.

          dotnet run --project eng/prices -- DATA DATE BOOKS OUT

          DATA   the data set's JSON; the npm package @pydantic/genai-prices carries it
          DATE   when the data set was published: 2026-08 or 2026-08-31
          BOOKS  the folder of our price books: eng/prices/books
          OUT    the file to write: src/Bifrost.Governance/Prices/catalogue.json
        """
    );
    return 2;
}

using var data = JsonDocument.Parse(File.ReadAllBytes(args[0]));
using var providers = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(args[2], "providers.json")));
using var replicate = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(args[2], "replicate.json")));

var notes = new List<string>();
var catalogue = CatalogueWriter.Write(data.RootElement, args[1], providers.RootElement, replicate.RootElement, notes);
File.WriteAllText(args[3], catalogue);
foreach (var note in notes)
{
    Console.WriteLine(note);
}

return 0;
