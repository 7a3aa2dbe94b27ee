using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects;

/// <summary>Finds the one file that an upload is about.</summary>
internal static class FormFile
{
    /// <summary>False after the mistake was noted.</summary>
    public static bool Find(MultipartForm form, Fields fields, string name, out MultipartPart part)
    {
        part = default;
        fields.Ignore(name);
        foreach (var candidate in form.Parts)
        {
            if (!candidate.IsFile)
            {
                continue;
            }

            if (candidate.Name != name)
            {
                fields.Mistake(candidate.Name, $"A file is not expected in the form field `{MultipartForm.Clip(candidate.Name)}`.");
                return false;
            }

            if (part.Name is not null)
            {
                fields.Mistake(name, $"`{name}` is sent more than once.");
                return false;
            }

            part = candidate;
        }

        if (part.Name is null)
        {
            fields.Mistake(name, $"`{name}` is required: a form part with a file name.", "missing_required_parameter");
            return false;
        }

        return true;
    }
}
