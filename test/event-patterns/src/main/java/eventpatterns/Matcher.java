package eventpatterns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import software.amazon.event.ruler.Patterns;

/** Reads cases on standard input, and writes what EventBridge would decide (see README.md). */
public final class Matcher {
  /** The quota of an account that has not asked for more. */
  private static final int MAX_LENGTH = 2048;
  /** The most branches that `$or` may multiply to. */
  private static final int MAX_BRANCHES = 1000;
  /** EventBridge does not tell its limit for wildcards: it is known to take this, and to refuse 11. */
  private static final int MAX_COMPLEXITY = 7;
  /** The library compares any double, EventBridge as far as this. */
  private static final BigDecimal MAX_NUMBER = new BigDecimal("5e9");
  private static final List<String> TEXTS = List.of("version", "id", "detail-type", "source", "account", "time", "region");

  /** Numbers keep their text, which counts for the length; a key given twice is a mistake in the case. */
  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();

  private Matcher() {}

  public static void main(String[] args) throws Exception {
    JsonNode cases = JSON.readTree(System.in);
    require(cases.isArray(), "the cases are no array");
    ArrayNode results = JSON.createArrayNode();
    cases.forEach((each) -> results.add(result(each)));
    JSON.writeValue(System.out, results);
  }

  private static ObjectNode result(JsonNode each) {
    ObjectNode result = JSON.createObjectNode();
    result.set("name", each.path("name"));
    try {
      return result.put("result", decide(each.path("pattern"), each.path("event")) ? "matches" : "differs");
    } catch (JsonProcessingException e) {
      return result.put("result", "invalid").put("error", e.getOriginalMessage());
    } catch (Exception e) {
      return result.put("result", "invalid").put("error", e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private static boolean decide(JsonNode pattern, JsonNode event) throws Exception {
    require(!any(pattern, Matcher::isToken), "a token in the pattern");
    require(!any(event, Matcher::isToken), "a token in the event");
    checkEvent(event);
    int length = pattern.toString().length();
    require(length <= MAX_LENGTH, "the pattern has " + length + " characters, of at most " + MAX_LENGTH);

    // What RuleCompiler.check does, with `$or`. Of a path given twice the library takes the last one; here it is refused.
    List<Map<String, List<Patterns>>> branches = JsonRuleCompiler.compile(pattern.toString(), false);
    require(branches.size() <= MAX_BRANCHES, "$or makes " + branches.size() + " branches, of at most " + MAX_BRANCHES);
    checkNumbers(pattern, event);

    Map<String, Boolean> answers = answers(branches, event.toString());
    require(Set.copyOf(answers.values()).size() == 1, "the library disagrees with itself: " + answers);
    return answers.containsValue(true);
  }

  /** All ways that the library has, as which one EventBridge goes is not documented. */
  @SuppressWarnings("deprecation")
  private static Map<String, Boolean> answers(List<Map<String, List<Patterns>>> branches, String event) throws Exception {
    Machine machine = machine(branches, true);
    int complexity = machine.evaluateComplexity(new MachineComplexityEvaluator(MAX_COMPLEXITY + 1));
    require(complexity <= MAX_COMPLEXITY, "EventBridge may find the wildcards too complex");

    boolean alone = false;
    for (Map<String, List<Patterns>> each : branches) {
      alone |= !machine(List.of(each), true).rulesForJSONEvent(event).isEmpty();
    }
    Map<String, Boolean> answers = new LinkedHashMap<>();
    answers.put("rulesForJSONEvent", !machine.rulesForJSONEvent(event).isEmpty());
    // Of branches that share a value the library loses one.
    answers.put("each branch alone", alone);
    // The search of 2.0 takes an exception for no match.
    answers.put("the search before 2.0", !machine(branches, false).rulesForJSONEvent(event).isEmpty());
    // This one joins fields of different objects in an array.
    answers.put("rulesForEvent", !machine.rulesForEvent(event).isEmpty());
    return answers;
  }

  private static Machine machine(List<Map<String, List<Patterns>>> branches, boolean structured) {
    Machine machine = Machine.builder().withStructuredMatching(structured).build();
    branches.forEach((each) -> machine.addPatternRule("rule", each));
    return machine;
  }

  private static void checkEvent(JsonNode event) {
    for (String name : TEXTS) {
      require(event.path(name).isTextual(), "the event has no text '" + name + "'");
    }
    require(event.path("resources").isArray(), "the event has no array 'resources'");
    require(event.path("detail").isObject(), "the event has no object 'detail'");
  }

  private static void checkNumbers(JsonNode pattern, JsonNode event) {
    List<JsonNode> compared = Stream.of("numeric", "anything-but").flatMap((operator) -> pattern.findValues(operator).stream())
        .filter((each) -> any(each, JsonNode::isNumber)).toList();
    compared.forEach((each) -> require(!any(each, Matcher::isBeyondNumbers), "EventBridge does not compare such a number: " + each));
    require(compared.isEmpty() || !any(event, Matcher::isBeyondNumbers), "EventBridge does not compare a number that is in the event");
  }

  /** More than 5.0e9, 15 digits or six decimals. */
  private static boolean isBeyondNumbers(JsonNode node) {
    if (!node.isNumber()) {
      return false;
    }
    BigDecimal number = node.decimalValue().stripTrailingZeros();
    return number.abs().compareTo(MAX_NUMBER) > 0 || number.precision() > 15 || number.scale() > 6;
  }

  /** What the CDK or CloudFormation would have replaced; the CDK writes a number that it does not know as about -1.8e289. */
  private static boolean isToken(JsonNode node) {
    return node.has("Ref") || node.properties().stream().anyMatch((each) -> each.getKey().startsWith("Fn::") || isTokenText(each.getKey()))
        || node.isTextual() && isTokenText(node.textValue()) || node.isNumber() && node.doubleValue() < -1e288;
  }

  private static boolean isTokenText(String text) {
    return text.contains("${Token[") || text.contains("#{Token[");
  }

  private static boolean any(JsonNode node, Predicate<JsonNode> is) {
    return is.test(node) || StreamSupport.stream(node.spliterator(), false).anyMatch((each) -> any(each, is));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
