import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token, an upload URL, the file, and the file back: by Java's own HTTP client as it comes. */
public final class Client {
  private static final HttpClient HTTP = HttpClient.newHttpClient(); // it offers h2c on plain http

  public static void main(String[] arguments) throws Exception {
    String form =
        "grant_type=client_credentials&client_id="
            + encoded(System.getenv("CLIENT_ID"))
            + "&client_secret="
            + encoded(System.getenv("CLIENT_SECRET"));
    String token =
        field(
            "access_token",
            text(
                to("TOKEN_URL")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))));
    String answer =
        text(
            to("GRAPHQL_URL")
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(System.getenv("BODY"))));
    text(
        HttpRequest.newBuilder(URI.create(field("uploadUrl", answer)))
            .header("Content-Type", "video/mp4")
            .PUT(BodyPublishers.ofFile(Path.of(System.getenv("FILE")))));
    HttpRequest get = HttpRequest.newBuilder(URI.create(field("downloadUrl", answer))).build();
    checked(HTTP.send(get, BodyHandlers.ofFile(Path.of(System.getenv("BACK")))));
  }

  private static HttpRequest.Builder to(String variable) {
    return HttpRequest.newBuilder(URI.create(System.getenv(variable)));
  }

  private static String text(HttpRequest.Builder request) throws Exception {
    return checked(HTTP.send(request.build(), BodyHandlers.ofString())).body();
  }

  private static <T> HttpResponse<T> checked(HttpResponse<T> answer) throws IOException {
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + ": " + answer.body());
    }
    return answer;
  }

  private static String field(String name, String json) {
    Matcher found = Pattern.compile('"' + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("no " + name + " in " + json);
    }
    return found.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
